/** The functions of every class, over its field type; each class's file gives it lanes. */
#pragma once

#include "secret/public-result.h"
#include "sum/encode.h"
#include "sum/kernel.h"

namespace causeway {

/** Twice as wide as an affine point needs: 2Z = 2. */
inline constexpr Limbs two_limbs = {2, 0, 0, 0, 0};

template <class Fe>
CAUSEWAY_INLINE Cached<Fe> cached_of(const Fe (&chosen)[3]) {
  Cached<Fe> out;
  out.y_plus_x = stored(chosen[0]);
  out.y_minus_x = stored(chosen[1]);
  out.z2 = stored(Fe::of(two_limbs));
  out.t2d = stored(chosen[2]);
  return out;
}

template <class Fe>
CAUSEWAY_INLINE void limbs_of(const AffineLimbs& entry, Fe (&out)[3]) {
  for (std::size_t i = 0; i < 3; i++) out[i] = Fe::of(entry.coordinate[i]);
}

/** sum + k/2 · base, for the scalar of each lane. */
template <class Fe>
Extended<Fe> with_multiple(Extended<Fe> sum, const FixedBase& base, const HalfDigits& digits) {
  for (std::size_t position = 0; position < HalfDigits::count; position++) {
    Fe chosen[3];
    limbs_of(base.entry(position, 0), chosen);
    for (std::size_t j = 1; j < FixedBase::entry_count; j++) {
      const auto is_chosen = lanes_of(digits.lanes_with(position, j));
      Fe entry[3];
      limbs_of(base.entry(position, j), entry);
      for (std::size_t i = 0; i < 3; i++) chosen[i] = select(is_chosen, entry[i], chosen[i]);
    }
    sum = added(sum, cached_of(chosen), lanes_of(digits.negative_lanes(position))).extended();
  }
  return sum;
}

/** k/2 · point, for the point and the scalar of each lane. */
template <class Fe>
Extended<Fe> multiple_of(const Extended<Fe>& point, const HalfDigits& digits) {
  Cached<Fe> entry[FixedBase::entry_count];
  const Cached<Fe> twice(doubled(point.projective()).extended());
  Extended<Fe> multiple = point;
  entry[0] = Cached<Fe>(multiple);
  for (std::size_t j = 1; j < FixedBase::entry_count; j++) {
    multiple = added(multiple, twice).extended();
    entry[j] = Cached<Fe>(multiple);
  }
  const Fe one = Fe::of(one_limbs);
  Extended<Fe> sum = {one, one, one, Fe::of(zero_limbs)};
  for (std::size_t position = HalfDigits::count; position-- > 0;) {
    Projective<Fe> shifted = sum.projective();
    for (int k = 0; k < 3; k++) shifted = doubled(shifted).projective();
    sum = doubled(shifted).extended();
    Cached<Fe> chosen = entry[0];
    for (std::size_t j = 1; j < FixedBase::entry_count; j++) {
      const auto is_chosen = lanes_of(digits.lanes_with(position, j));
      chosen.y_plus_x = select(is_chosen, entry[j].y_plus_x, chosen.y_plus_x);
      chosen.y_minus_x = select(is_chosen, entry[j].y_minus_x, chosen.y_minus_x);
      chosen.z2 = select(is_chosen, entry[j].z2, chosen.z2);
      chosen.t2d = select(is_chosen, entry[j].t2d, chosen.t2d);
    }
    sum = added(sum, chosen, lanes_of(digits.negative_lanes(position))).extended();
  }
  return sum;
}

/** Ciphertexts whose encodings share one inversion, in groups of lanes. */
inline constexpr std::size_t ciphertext_groups = doublings_held / 2;

/** Halves that are doubled while they are encoded: firsts at even places, seconds at odd ones. */
template <class Fe>
void write_ciphertexts(const Doubling<Fe> (&halves)[doublings_held], std::size_t count, std::uint8_t* out) {
  std::uint8_t encodings[doublings_held * Fe::lanes * element_bytes];
  const std::size_t groups = (count + Fe::lanes - 1) / Fe::lanes;
  encode_doubled(halves, 2 * groups, encodings);
  for (std::size_t row = 0; row < count; row++) {
    const std::size_t group = row / Fe::lanes, lane = row % Fe::lanes;
    for (std::size_t half = 0; half < 2; half++) {
      std::memcpy(out + row * ciphertext_bytes + half * element_bytes,
                  encodings + ((2 * group + half) * Fe::lanes + lane) * element_bytes, element_bytes);
    }
  }
}

template <class Fe>
void encrypt_rows(const FixedBase& key, const std::uint8_t* scalars, const std::uint8_t* bits, std::size_t count,
                  std::uint8_t* out) {
  constexpr std::size_t lanes = Fe::lanes, batch = ciphertext_groups * lanes;
  const FixedBase& base = generator_table();
  const Fe one = Fe::of(one_limbs), zero = Fe::of(zero_limbs);
  const Extended<Fe> identity = {one, one, one, zero};
  for (std::size_t first = 0; first < count; first += batch) {
    const std::size_t rows = count - first < batch ? count - first : batch;
    Doubling<Fe> halves[doublings_held];
    for (std::size_t group = 0; group * lanes < rows; group++) {
      const std::size_t at = first + group * lanes;
      const std::size_t width = count - at < lanes ? count - at : lanes;
      const HalfDigits digits(scalars + at * scalar_bytes, width);
      std::uint32_t ones = 0;
      for (std::size_t lane = 0; lane < width; lane++) ones |= std::uint32_t{bits[at + lane] & 1u} << lane;
      Fe none[3] = {one, one, zero}, half[3];
      limbs_of(base.half(), half);
      const auto is_one = lanes_of(ones);
      for (std::size_t i = 0; i < 3; i++) half[i] = select(is_one, half[i], none[i]);
      const Extended<Fe> second = added(with_multiple(identity, key, digits), cached_of(half)).extended();
      halves[2 * group] = Doubling<Fe>(with_multiple(identity, base, digits).projective());
      halves[2 * group + 1] = Doubling<Fe>(second.projective());
    }
    write_ciphertexts(halves, rows, out + first * ciphertext_bytes);
  }
}

template <class Fe>
void blind_rows(const FixedBase& key, const TestRows& tests, std::size_t count, std::uint8_t* out) {
  constexpr std::size_t lanes = Fe::lanes, batch = ciphertext_groups * lanes;
  const FixedBase& base = generator_table();
  for (std::size_t first = 0; first < count; first += batch) {
    const std::size_t rows = count - first < batch ? count - first : batch;
    Doubling<Fe> halves[doublings_held];
    for (std::size_t group = 0; group * lanes < rows; group++) {
      const std::size_t at = first + group * lanes;
      const std::size_t width = count - at < lanes ? count - at : lanes;
      PointRow padded[2][lanes];
      for (std::size_t lane = 0; lane < lanes; lane++) {
        const std::size_t row = at + (lane < width ? lane : width - 1);
        padded[0][lane] = tests.first[row];
        padded[1][lane] = tests.second[row];
      }
      const HalfDigits rho(tests.rho + at * scalar_bytes, width), r(tests.r + at * scalar_bytes, width);
      const FixedBase* const bases[2] = {&base, &key};
      for (std::size_t half = 0; half < 2; half++) {
        const Extended<Fe> blinded = multiple_of(read_points<Fe>(padded[half]), rho);
        halves[2 * group + half] = Doubling<Fe>(with_multiple(blinded, *bases[half], r).projective());
      }
    }
    write_ciphertexts(halves, rows, out + first * ciphertext_bytes);
  }
}

template <class Mask>
CAUSEWAY_PUBLIC_RESULT std::uint32_t reported_lanes(const Mask& mask) {
  return mask.bits();
}

/** The limbs of a canonical encoding. */
CAUSEWAY_INLINE void split_limbs(const std::uint8_t* encoding, std::uint64_t (&limbs)[5]) {
  constexpr std::uint64_t ones = (std::uint64_t{1} << 51) - 1;
  std::uint64_t word[4] = {0, 0, 0, 0};
  for (int i = 0; i < 32; i++) word[i / 8] |= std::uint64_t{encoding[i]} << (8 * (i % 8));
  limbs[0] = word[0] & ones;
  limbs[1] = (word[0] >> 51 | word[1] << 13) & ones;
  limbs[2] = (word[1] >> 38 | word[2] << 26) & ones;
  limbs[3] = (word[2] >> 25 | word[3] << 39) & ones;
  limbs[4] = word[3] >> 12 & ones;
}

template <class Fe>
Fault decode_rows(const std::uint8_t* elements, std::size_t count, AddendRow* out) {
  constexpr std::size_t lanes = Fe::lanes;
  for (std::size_t first = 0; first < count; first += 2 * lanes) {
    const std::size_t rows = count - first < 2 * lanes ? count - first : 2 * lanes;
    std::uint8_t padded[2 * lanes * element_bytes];
    for (std::size_t i = 0; i < 2 * lanes; i++) {
      std::memcpy(padded + i * element_bytes, elements + (first + (i < rows ? i : rows - 1)) * element_bytes,
                  element_bytes);
    }
    Extended<Fe> points[2];
    typename Fe::Mask is_valid[2];
    decode(padded, points, is_valid);
    for (std::size_t group = 0; group < 2; group++) {
      const std::uint32_t valid = reported_lanes(is_valid[group]);
      const std::uint32_t identity = reported_lanes(is_zero(points[group].t));
      const Fe t2d = times(points[group].t, Fe::of(d2_limbs));
      std::uint8_t packed[3][lanes * 32];
      encode(points[group].y_plus_x, packed[0]);
      encode(points[group].y_minus_x, packed[1]);
      encode(t2d, packed[2]);
      for (std::size_t lane = 0; lane < lanes && group * lanes + lane < rows; lane++) {
        const std::size_t row = first + group * lanes + lane;
        if ((valid >> lane & 1) == 0) return {Fault::malformed, row};
        if (identity >> lane & 1) return {Fault::identity, row};
        for (std::size_t i = 0; i < 3; i++) split_limbs(packed[i] + 32 * lane, out[row].limb[i]);
      }
    }
  }
  return {};
}

/** 0 as something to add. */
inline constexpr AddendRow no_addend = {{{1, 0, 0, 0, 0}, {1, 0, 0, 0, 0}, {0, 0, 0, 0, 0}}, 0};

template <class Fe>
void weigh_pairs(const AddendPair* pairs, const BucketOrder& order, PointRow* out) {
  constexpr std::size_t lanes = Fe::lanes;
  const Fe one = Fe::of(one_limbs), zero = Fe::of(zero_limbs);
  const Extended<Fe> identity = {one, one, one, zero};
  Extended<Fe> running[2] = {identity, identity}, weighted[2] = {identity, identity};
  for (std::size_t i = 0, at = 0; i < BucketOrder::bucket_count; i++) {
    for (; at < order.ends[i]; at += lanes) {
      const std::size_t width = order.ends[i] - at < lanes ? order.ends[i] - at : lanes;
      const AddendRow* rows[2][lanes];
      std::uint32_t negative = 0;
      for (std::size_t lane = 0; lane < lanes; lane++) {
        const bool is_there = lane < width;
        const std::uint32_t pair = is_there ? order.pairs[at + lane] : 0;
        const AddendPair& own = pairs[pair & ~BucketOrder::negative];
        rows[0][lane] = is_there ? &own.half[0] : &no_addend;
        rows[1][lane] = is_there ? &own.half[1] : &no_addend;
        negative |= pair >> 31 << lane;
      }
      const auto is_negative = lanes_of(negative);
      for (std::size_t half = 0; half < 2; half++) {
        Fe addend[3];
        load_addends(rows[half], addend);
        running[half] = added(running[half], cached_of(addend), is_negative).extended();
      }
      if (width < lanes) {
        at = order.ends[i];
        break;
      }
    }
    if (i + 1 == BucketOrder::bucket_count) break;
    for (std::size_t half = 0; half < 2; half++) {
      weighted[half] = added(weighted[half], Cached<Fe>(running[half])).extended();
    }
  }
  for (std::size_t half = 0; half < 2; half++) {
    PointRow rows[lanes];
    write_points(weighted[half], rows);
    std::memcpy(out + half * lanes, rows, sizeof rows);
  }
}

/** Points of a walk that share one inversion, in groups of lanes. */
inline constexpr std::size_t walk_held = 64;

template <class Fe>
void walk_points(const PointRow* starts, const PointRow& step, std::size_t count, std::uint64_t* keys) {
  constexpr std::size_t lanes = Fe::lanes;
  PointRow steps[lanes];
  for (std::size_t lane = 0; lane < lanes; lane++) steps[lane] = step;
  const Cached<Fe> stride(read_points<Fe>(steps));
  Extended<Fe> point = read_points<Fe>(starts);
  for (std::size_t first = 0; first < count; first += walk_held) {
    const std::size_t held = count - first < walk_held ? count - first : walk_held;
    Fe t[walk_held], z[walk_held], product[walk_held];
    for (std::size_t i = 0; i < held; i++) {
      t[i] = point.t;
      z[i] = point.z;
      product[i] = i == 0 ? z[0] : times(product[i - 1], z[i]);
      point = added(point, stride).extended();
    }
    Fe inverse = inverted(product[held - 1]);
    for (std::size_t i = held; i-- > 0;) {
      const Fe own = i == 0 ? inverse : times(inverse, product[i - 1]);
      inverse = times(inverse, z[i]);
      std::uint8_t packed[lanes * 32];
      encode(squared(times(t[i], own)), packed);
      for (std::size_t lane = 0; lane < lanes; lane++) {
        std::memcpy(&keys[(first + i) * lanes + lane], packed + 32 * lane, 8);
      }
    }
  }
}

}  // namespace causeway
