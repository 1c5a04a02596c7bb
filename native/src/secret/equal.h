/** Comparing secrets. */
#pragma once

#include <cstddef>
#include <cstdint>

#include "secret/public-result.h"

namespace causeway {

/** In constant time. Only the answer may become known. */
CAUSEWAY_PUBLIC_RESULT inline bool are_equal(const void* a, const void* b, std::size_t length) {
  const auto* const x = static_cast<const std::uint8_t*>(a);
  const auto* const y = static_cast<const std::uint8_t*>(b);
  unsigned difference = 0;
  for (std::size_t i = 0; i < length; i++) difference |= x[i] ^ y[i];
  return difference == 0;
}

}  // namespace causeway
