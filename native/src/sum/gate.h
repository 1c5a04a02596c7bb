/** Tests of whether a sum is one of some values: see `GateRequest` of join/sum's port. */
#pragma once

#include "sum/kernel.h"

namespace causeway {

struct GateTests {
  const std::uint8_t* sums;
  const std::uint8_t* seeds;
  const std::uint16_t* counts;
  std::int64_t low;
  std::size_t length;

  /** Tests of sum number `sum`. @param out `length` ciphertexts. @returns a malformed half, by its number. */
  Fault run(const GroupKernel& group, const SumFunctions& functions, const FixedBase& key, std::size_t sum,
            std::uint8_t* out) const;
};

}  // namespace causeway
