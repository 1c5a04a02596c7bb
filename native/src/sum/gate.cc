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

/** 0xff for a place below the count, and 0 for one past it. How many values a sum is tested for is the sender's own. */
std::uint8_t mask_below(std::size_t place, std::uint16_t count) {
  return static_cast<std::uint8_t>(0 - ((static_cast<std::uint64_t>(place) - count) >> 63));
}

/** `where` the mask is set, else `otherwise`. */
PointRow chosen(std::uint8_t mask, const PointRow& where, const PointRow& otherwise) {
  PointRow out;
  for (std::size_t i = 0; i < 4; i++) {
    for (std::size_t byte = 0; byte < 32; byte++) {
      const std::uint8_t other = otherwise.coordinate[i][byte];
      out.coordinate[i][byte] = static_cast<std::uint8_t>(other ^ (mask & (where.coordinate[i][byte] ^ other)));
    }
  }
  return out;
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
  // Up to the common length: of a value that is random and not 0.
  const PointRow tested = row_of(halves[0]), no_first = row_of(identity), no_second = row_of(generator);
  std::vector<PointRow> first(length), second(length);
  for (std::size_t j = 0; j < length; j++) {
    const std::uint8_t is_tested = mask_below(j, counts[sum]);
    first[j] = chosen(is_tested, tested, no_first);
    second[j] = chosen(is_tested, row_of(difference), no_second);
    difference = added(difference, step, Mask::all(~std::uint64_t{0})).extended();
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
