/** Rows of bytes through lanes: decoded or mapped, multiplied, encoded. */
#pragma once

#include <cstring>

#include "group/kernel.h"
#include "group/multiply.h"
#include "group/ristretto.h"
#include "secret/public-result.h"

namespace causeway {

/** Points from encodings, for two groups of lanes at a time. */
template <class Fe>
struct FromEncodings {
  static constexpr std::size_t row_bytes = element_bytes;

  static void read(const std::uint8_t* rows, Extended<Fe> (&points)[2], typename Fe::Mask (&is_valid)[2]) {
    decode(rows, points, is_valid);
  }
};

/** Points from uniform bytes (RFC 9496 §4.3.4): the sum of the images of both halves. Any bytes will do. */
template <class Fe>
struct FromUniformBytes {
  static constexpr std::size_t row_bytes = uniform_bytes;

  static void read(const std::uint8_t* rows, Extended<Fe> (&points)[2], typename Fe::Mask (&is_valid)[2]) {
    for (std::size_t i = 0; i < 2; i++) {
      std::uint8_t half[2][Fe::lanes * 32];
      for (std::size_t lane = 0; lane < Fe::lanes; lane++) {
        const std::uint8_t* const row = rows + (i * Fe::lanes + lane) * uniform_bytes;
        std::memcpy(half[0] + 32 * lane, row, 32);
        std::memcpy(half[1] + 32 * lane, row + 32, 32);
      }
      typename Fe::Mask is_canonical;
      const Fe t[2] = {Fe::decoded(half[0], &is_canonical), Fe::decoded(half[1], &is_canonical)};
      Extended<Fe> image[2];
      map(t, image);
      points[i] = added(image[0], Cached<Fe>(image[1])).extended();
      is_valid[i] = Fe::Mask::all(~std::uint64_t{0});
    }
  }
};

/** Lanes that a fault is reported of: that much of their points, and of the scalar, becomes known. */
template <class Mask>
CAUSEWAY_PUBLIC_RESULT std::uint32_t reported(const Mask& mask) {
  return mask.bits();
}

/** Groups of lanes whose encodings share one inversion. */
inline constexpr std::size_t groups_per_batch = 32;

/**
 * One batch: up to `groups_per_batch` groups of lanes.
 * @param row_count 1 to groups_per_batch · lanes; a last group that it does not fill repeats the last row.
 */
template <class Fe, template <class> class Source>
Fault multiply_batch(const ScalarDigits& scalar, const std::uint8_t* rows, std::size_t row_count, std::uint8_t* out) {
  constexpr std::size_t lanes = Fe::lanes, row_bytes = Source<Fe>::row_bytes;
  using Mask = typename Fe::Mask;
  Doubling<Fe> half[groups_per_batch];
  Fe denominator[groups_per_batch], product[groups_per_batch];
  std::uint32_t malformed[groups_per_batch], identity[groups_per_batch];
  const std::size_t group_count = (row_count + lanes - 1) / lanes;

  for (std::size_t group = 0; group < group_count; group += 2) {
    const std::size_t first = group * lanes;
    const std::uint8_t* pair = rows + first * row_bytes;
    std::uint8_t padded[2 * lanes * row_bytes];
    if (row_count - first < 2 * lanes) {
      for (std::size_t i = 0; i < 2 * lanes; i++) {
        const std::size_t row = first + i < row_count ? first + i : row_count - 1;
        std::memcpy(padded + i * row_bytes, rows + row * row_bytes, row_bytes);
      }
      pair = padded;
    }
    Extended<Fe> points[2];
    Mask is_valid[2];
    Source<Fe>::read(pair, points, is_valid);
    for (std::size_t i = 0; i < 2 && group + i < group_count; i++) {
      const std::size_t at = group + i;
      half[at] = Doubling<Fe>(multiplied(points[i], scalar));
      const Mask is_identity = half[at].is_identity();
      // A lane that cannot be inverted must not spoil those that share its inversion.
      denominator[at] = select(is_identity, Fe::of(one_limbs), half[at].denominator());
      product[at] = at == 0 ? denominator[0] : times(product[at - 1], denominator[at]);
      malformed[at] = reported(~is_valid[i]);
      identity[at] = reported(is_identity);
    }
  }

  Fe inverse = inverted(product[group_count - 1]);
  for (std::size_t group = group_count; group-- > 0;) {
    const Fe own = group == 0 ? inverse : times(inverse, product[group - 1]);
    inverse = times(inverse, denominator[group]);
    const Fe encoding = half[group].encoding(own);
    const std::size_t first = group * lanes;
    if (row_count - first >= lanes) {
      encode(encoding, out + first * element_bytes);
    } else {
      std::uint8_t encodings[lanes * element_bytes];
      encode(encoding, encodings);
      std::memcpy(out + first * element_bytes, encodings, (row_count - first) * element_bytes);
    }
  }

  for (std::size_t row = 0; row < row_count; row++) {
    const std::size_t group = row / lanes, lane = row % lanes;
    if (malformed[group] >> lane & 1) return {Fault::malformed, row};
    if (identity[group] >> lane & 1) return {Fault::identity, row};
  }
  return {};
}

/** Any number of rows, batch after batch, until one has a fault. */
template <class Fe, template <class> class Source>
Fault multiply_rows(const ScalarDigits& scalar, const std::uint8_t* rows, std::size_t row_count, std::uint8_t* out) {
  constexpr std::size_t batch_rows = groups_per_batch * Fe::lanes;
  for (std::size_t first = 0; first < row_count; first += batch_rows) {
    const std::size_t count = row_count - first < batch_rows ? row_count - first : batch_rows;
    Fault fault =
        multiply_batch<Fe, Source>(scalar, rows + first * Source<Fe>::row_bytes, count, out + first * element_bytes);
    if (fault.kind != Fault::none) {
      fault.row += first;
      return fault;
    }
  }
  return {};
}

}  // namespace causeway
