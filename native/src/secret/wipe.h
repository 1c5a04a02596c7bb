/** Forgetting secrets. */
#pragma once

#include <cstddef>

namespace causeway {

/** Overwrites memory with zeros, which the compiler may not leave out though nobody reads them. */
inline void wipe(void* memory, std::size_t length) {
  volatile unsigned char* const bytes = static_cast<volatile unsigned char*>(memory);
  for (std::size_t i = 0; i < length; i++) bytes[i] = 0;
}

}  // namespace causeway
