/** Points between code of different classes: their coordinates as canonical encodings of 32 bytes, which every class
 * reads. */
#pragma once

#include <cstdint>
#include <cstring>

#include "group/edwards.h"

namespace causeway {

/** Y + X, Y − X, Z and T of an extended point. */
struct PointRow {
  std::uint8_t coordinate[4][32];
};

template <class Fe>
void write_points(const Extended<Fe>& points, PointRow (&rows)[Fe::lanes]) {
  const Fe* const coordinates[4] = {&points.y_plus_x, &points.y_minus_x, &points.z, &points.t};
  for (std::size_t i = 0; i < 4; i++) {
    std::uint8_t packed[Fe::lanes * 32];
    encode(*coordinates[i], packed);
    for (std::size_t lane = 0; lane < Fe::lanes; lane++) std::memcpy(rows[lane].coordinate[i], packed + 32 * lane, 32);
  }
}

template <class Fe>
Extended<Fe> read_points(const PointRow* rows) {
  Fe coordinates[4];
  typename Fe::Mask is_canonical;
  for (std::size_t i = 0; i < 4; i++) {
    std::uint8_t packed[Fe::lanes * 32];
    for (std::size_t lane = 0; lane < Fe::lanes; lane++) std::memcpy(packed + 32 * lane, rows[lane].coordinate[i], 32);
    coordinates[i] = Fe::decoded(packed, &is_canonical);
  }
  return {coordinates[0], coordinates[1], coordinates[2], coordinates[3]};
}

}  // namespace causeway
