#include "sum/gate.h"

#include <vector>

#include "group/field-portable.h"
#include "group/ristretto.h"
#include "secret/wipe.h"
#include "sum/walk.h"

namespace causeway {

namespace {

PointRow row_of(const Extended<Fe>& point) {
  PointRow rows[1];
  write_points(point, rows);
  return rows[0];
}

}  // namespace

Fault GateTests::run(const GroupKernel& group, const SumFunctions& functions, const FixedBase& key, std::size_t sum,
                     std::uint8_t* out) const {
  Extended<Fe> halves[2];
  Mask is_valid[2];
  decode(sums + sum * ciphertext_bytes, halves, is_valid);
  for (std::size_t i = 0; i < 2; i++) {
    if (is_valid[i].bits() == 0) return {Fault::malformed, 2 * sum + i};
  }
  const Fe one = Fe::of(one_limbs);
  const Extended<Fe> identity = {one, one, one, Fe::of(zero_limbs)};
  const Extended<Fe> generator = small_multiple(1);
  const Cached<Fe> step(generator);
  Extended<Fe> difference = added(halves[1], Cached<Fe>(small_multiple(-low))).extended();
  std::vector<PointRow> first(length, row_of(halves[0])), second(length);
  for (std::size_t j = 0; j < length; j++) {
    if (j < counts[sum]) {
      second[j] = row_of(difference);
      difference = added(difference, step, Mask::all(~std::uint64_t{0})).extended();
    } else {
      // Up to the common length: of a value that is random and not 0.
      first[j] = row_of(identity);
      second[j] = row_of(generator);
    }
  }
  std::vector<std::uint8_t> scalars(2 * length * scalar_bytes), rho(length * scalar_bytes), r(length * scalar_bytes);
  row_scalars(group, seeds + sum * seed_bytes, 0, 2 * length, scalars.data());
  for (std::size_t j = 0; j < length; j++) {
    std::memcpy(&rho[j * scalar_bytes], &scalars[2 * j * scalar_bytes], scalar_bytes);
    std::memcpy(&r[j * scalar_bytes], &scalars[(2 * j + 1) * scalar_bytes], scalar_bytes);
  }
  functions.blind(key, {first.data(), second.data(), rho.data(), r.data()}, length, out);
  for (std::vector<std::uint8_t>* secret : {&scalars, &rho, &r}) wipe(secret->data(), secret->size());
  return {};
}

}  // namespace causeway
