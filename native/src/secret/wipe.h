/** Forgetting secrets. */
#pragma once

#include <cstddef>
#include <cstring>

#include "cpu/inline.h"

namespace causeway {

/** Overwrites memory with zeros, which the compiler may not leave out though nobody reads them. */
CAUSEWAY_INLINE void wipe(void* memory, std::size_t length) {
  std::memset(memory, 0, length);
  __asm__ __volatile__("" : : "r"(memory) : "memory");
}

}  // namespace causeway
