#include "sum/cells.h"

#include "group/field-portable.h"
#include "sum/encode.h"

namespace causeway {

namespace {

constexpr int window_bits = 4;
/** A signed digit is from −8 to 7; bucket 0 takes what adds nothing, so that every digit costs an addition. */
constexpr std::size_t bucket_count = 9;

Extended<Fe> identity() {
  const Fe one = Fe::of(one_limbs);
  return {one, one, one, Fe::of(zero_limbs)};
}

Cached<Fe> addend(const AddendRow& row) {
  Mask is_canonical;
  Cached<Fe> out;
  out.y_plus_x = Fe::decoded(row.coordinate[0], &is_canonical);
  out.y_minus_x = Fe::decoded(row.coordinate[1], &is_canonical);
  out.t2d = Fe::decoded(row.coordinate[2], &is_canonical);
  out.z2 = Fe::of({2, 0, 0, 0, 0});
  return out;
}

void add_to(Extended<Fe>* sum, const Cached<Fe>& point, std::uint64_t negative = 0) {
  *sum = added(*sum, point, Mask::all(negative)).extended();
}

/** Both halves of a sum, by window and bucket. */
struct Buckets {
  explicit Buckets(std::size_t windows) : windows(windows), half{filled(windows), filled(windows)} {}

  static std::vector<Extended<Fe>> filled(std::size_t windows) {
    return std::vector<Extended<Fe>>(windows * bucket_count, identity());
  }
  void clear() {
    for (auto& points : half) points.assign(points.size(), identity());
  }
  /** Adds weight · (first, second). */
  void add(std::int64_t weight, const Cached<Fe> (&points)[2]) {
    for (std::size_t window = 0; window < windows; window++) {
      const std::int64_t digit = ((weight + 8) & 15) - 8;
      weight = (weight - digit) >> window_bits;
      const std::int64_t sign = digit >> 63;
      const std::size_t bucket = window * bucket_count + static_cast<std::size_t>((digit ^ sign) - sign);
      for (std::size_t i = 0; i < 2; i++) add_to(&half[i][bucket], points[i], static_cast<std::uint64_t>(sign));
    }
  }
  /** Σ of bucket · its number, window by window from the top. */
  Extended<Fe> total(std::size_t i) const {
    Extended<Fe> sum = identity();
    for (std::size_t window = windows; window-- > 0;) {
      for (int k = 0; k < window_bits; k++) sum = doubled(sum.projective()).extended();
      Extended<Fe> running = identity(), weighted = identity();
      for (std::size_t bucket = bucket_count; bucket-- > 1;) {
        add_to(&running, Cached<Fe>(half[i][window * bucket_count + bucket]));
        add_to(&weighted, Cached<Fe>(running));
      }
      add_to(&sum, Cached<Fe>(weighted));
    }
    return sum;
  }

  const std::size_t windows;
  std::vector<Extended<Fe>> half[2];
};

PointRow row_of(const Extended<Fe>& point) {
  PointRow rows[1];
  write_points(point, rows);
  return rows[0];
}

/** Windows for weights of so many bits and a sign. */
std::size_t windows_of(std::uint8_t bits) { return static_cast<std::size_t>(bits) / window_bits + 1; }

}  // namespace

Fault CellSums::add(std::size_t first, std::size_t count, std::vector<PointRow>* out) const {
  const std::size_t groups = rows_.group_count, ciphertexts = count * groups;
  std::vector<AddendRow> points(2 * ciphertexts);
  const std::uint8_t* const bytes = rows_.ciphertexts + first * groups * ciphertext_bytes;
  Fault fault = functions_.decode(bytes, 2 * ciphertexts, points.data());
  if (fault.kind != Fault::none) {
    fault.row = first * groups + fault.row / 2;
    return fault;
  }
  std::vector<std::vector<std::size_t>> members(rows_.cell_count);
  for (std::size_t row = 0; row < count; row++) {
    for (std::size_t slot = 0; slot < rows_.slot_count; slot++) {
      const std::uint16_t cell = rows_.cells[(first + row) * rows_.slot_count + slot];
      if (cell < rows_.cell_count) members[cell].push_back(row);
    }
  }
  std::vector<Buckets> buckets;
  for (std::size_t w = 0; w < rows_.weight_count; w++) buckets.emplace_back(windows_of(rows_.weight_bits[w]));
  out->clear();
  out->reserve(2 * rows_.sum_count());
  for (std::size_t group = 0; group < groups; group++) {
    for (const std::vector<std::size_t>& cell : members) {
      Extended<Fe> counts[2] = {identity(), identity()};
      for (Buckets& each : buckets) each.clear();
      for (std::size_t row : cell) {
        const std::size_t at = 2 * (row * groups + group);
        const Cached<Fe> halves[2] = {addend(points[at]), addend(points[at + 1])};
        for (std::size_t i = 0; i < 2; i++) add_to(&counts[i], halves[i]);
        const double* const weights = rows_.weights + (first + row) * rows_.weight_count;
        for (std::size_t w = 0; w < buckets.size(); w++) buckets[w].add(static_cast<std::int64_t>(weights[w]), halves);
      }
      for (const Extended<Fe>& half : counts) out->push_back(row_of(half));
      for (const Buckets& each : buckets) {
        for (std::size_t i = 0; i < 2; i++) out->push_back(row_of(cell.empty() ? identity() : each.total(i)));
      }
    }
  }
  return {};
}

void encode_sums(const std::vector<std::vector<PointRow>>& parts, std::uint8_t* out) {
  for (std::size_t i = 0; i < parts[0].size(); i++) {
    Extended<Fe> sum = identity();
    for (const std::vector<PointRow>& part : parts) add_to(&sum, Cached<Fe>(read_points<Fe>(&part[i])));
    encode_points(sum, out + i * element_bytes);
  }
}

}  // namespace causeway
