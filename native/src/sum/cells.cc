#include "sum/cells.h"

#include <algorithm>
#include <iterator>

#include "group/field-portable.h"
#include "sum/encode.h"

namespace causeway {

namespace {

constexpr int window_bits = 4;

using Pairs = std::vector<AddendPair>;
using Rows = std::vector<std::uint32_t>;

Extended<Fe> identity() {
  const Fe one = Fe::of(one_limbs);
  return {one, one, one, Fe::of(zero_limbs)};
}

void add_to(Extended<Fe>* sum, const Extended<Fe>& point) { *sum = added(*sum, Cached<Fe>(point)).extended(); }

PointRow row_of(const Extended<Fe>& point) {
  PointRow rows[1];
  write_points(point, rows);
  return rows[0];
}

/** Both halves of a ciphertext of a sum. */
struct Total {
  Extended<Fe> half[2] = {identity(), identity()};
};

/** Rows that are added up together, and the cells that the sum goes to. */
struct Part {
  Rows rows;
  std::vector<std::uint16_t> cells;
};

/** Windows for weights of so many bits and a sign. */
std::size_t windows_of(std::uint8_t bits) { return static_cast<std::size_t>(bits) / window_bits + 1; }

/** Takes the lowest digit, from −8 to 7, off a weight. */
std::int64_t next_digit(std::int64_t* weight) {
  const std::int64_t digit = ((*weight + 8) & 15) - 8;
  *weight = (*weight - digit) >> window_bits;
  return digit;
}

/** Adds pairs up with the digits of their weights, from −8 to 8, in lanes. */
class Weigher {
 public:
  Weigher(const SumFunctions& functions, const Pairs& pairs) : functions_(functions), pairs_(pairs) {}

  /** Adds Σ digit · pair to a sum. @param numbers of pairs. */
  void add(const Rows& numbers, const std::vector<std::int8_t>& digits, Total* sum) {
    std::size_t starts[BucketOrder::bucket_count + 1] = {};
    for (std::int8_t digit : digits) starts[place_of(digit) + 1]++;
    BucketOrder order;
    for (std::size_t i = 0; i < BucketOrder::bucket_count; i++) {
      starts[i + 1] += starts[i];
      order.ends[i] = starts[i + 1];
    }
    sorted_.resize(numbers.size());
    for (std::size_t i = 0; i < numbers.size(); i++) {
      sorted_[starts[place_of(digits[i])]++] = numbers[i] | (digits[i] < 0 ? BucketOrder::negative : 0);
    }
    order.pairs = sorted_.data();
    lanes_.resize(2 * functions_.lanes);
    functions_.weigh(pairs_.data(), order, lanes_.data());
    for (std::size_t i = 0; i < lanes_.size(); i++) {
      add_to(&sum->half[i / functions_.lanes], read_points<Fe>(&lanes_[i]));
    }
  }

 private:
  /** The largest digits come first. */
  static std::size_t place_of(std::int8_t digit) {
    return BucketOrder::bucket_count - 1 - static_cast<std::size_t>(digit < 0 ? -digit : digit);
  }

  const SumFunctions& functions_;
  const Pairs& pairs_;
  Rows sorted_;
  std::vector<PointRow> lanes_;
};

/** Rows that are in the same cells of all tables are added up once for all of these. */
std::vector<Part> by_all_cells(const CellRows& rows, std::size_t first, std::size_t count) {
  const std::uint16_t* const cells = rows.cells + first * rows.slot_count;
  const auto cells_of = [&](std::uint32_t row) { return cells + row * rows.slot_count; };
  Rows order(count);
  for (std::size_t row = 0; row < count; row++) order[row] = static_cast<std::uint32_t>(row);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return std::lexicographical_compare(cells_of(a), cells_of(a) + rows.slot_count, cells_of(b),
                                        cells_of(b) + rows.slot_count);
  });
  std::vector<Part> parts;
  for (std::size_t i = 0; i < count; i++) {
    const std::uint16_t* const own = cells_of(order[i]);
    if (i == 0 || !std::equal(own, own + rows.slot_count, cells_of(order[i - 1]))) {
      parts.emplace_back();
      std::copy_if(own, own + rows.slot_count, std::back_inserter(parts.back().cells),
                   [&](std::uint16_t cell) { return cell < rows.cell_count; });
    }
    if (!parts.back().cells.empty()) parts.back().rows.push_back(order[i]);
  }
  return parts;
}

std::vector<Part> by_cell(const CellRows& rows, std::size_t first, std::size_t count) {
  std::vector<Part> parts(rows.cell_count);
  for (std::size_t cell = 0; cell < parts.size(); cell++) parts[cell].cells = {static_cast<std::uint16_t>(cell)};
  for (std::size_t row = 0; row < count; row++) {
    for (std::size_t slot = 0; slot < rows.slot_count; slot++) {
      const std::uint16_t cell = rows.cells[(first + row) * rows.slot_count + slot];
      if (cell < rows.cell_count) parts[cell].rows.push_back(static_cast<std::uint32_t>(row));
    }
  }
  return parts;
}

/** A part costs as much as so many rows, however few it has. */
constexpr std::size_t rows_worth_a_part = 32;

std::vector<Part> parts_of(const CellRows& rows, std::size_t first, std::size_t count) {
  std::vector<Part> parts = by_all_cells(rows, first, count);
  return parts.size() * rows_worth_a_part <= count ? parts : by_cell(rows, first, count);
}

}  // namespace

Fault CellSums::add(std::size_t first, std::size_t count, std::vector<PointRow>* out) const {
  const std::size_t groups = rows_.group_count, measures = 1 + rows_.weight_count;
  Pairs pairs(count * groups);
  const std::uint8_t* const bytes = rows_.ciphertexts + first * groups * ciphertext_bytes;
  Fault fault = functions_.decode(bytes, 2 * pairs.size(), &pairs[0].half[0]);
  if (fault.kind != Fault::none) {
    fault.row = first * groups + fault.row / 2;
    return fault;
  }
  std::vector<Total> sums(rows_.sum_count());
  Weigher weigher(functions_, pairs);
  Rows numbers;
  std::vector<std::int64_t> weights;
  std::vector<std::int8_t> digits;
  for (const Part& part : parts_of(rows_, first, count)) {
    if (part.rows.empty()) continue;
    for (std::size_t group = 0; group < groups; group++) {
      numbers.clear();
      for (std::uint32_t row : part.rows) numbers.push_back(static_cast<std::uint32_t>(row * groups + group));
      for (std::size_t measure = 0; measure < measures; measure++) {
        const std::size_t weight = measure - 1;
        const std::size_t windows = measure == 0 ? 1 : windows_of(rows_.weight_bits[weight]);
        weights.clear();
        for (std::uint32_t row : part.rows) {
          const double* const own = rows_.weights + (first + row) * rows_.weight_count;
          weights.push_back(measure == 0 ? 1 : static_cast<std::int64_t>(own[weight]));
        }
        std::vector<Total> by_window(windows);
        for (Total& window : by_window) {
          digits.clear();
          for (std::int64_t& each : weights) digits.push_back(static_cast<std::int8_t>(next_digit(&each)));
          weigher.add(numbers, digits, &window);
        }
        for (std::size_t half = 0; half < 2; half++) {
          Extended<Fe> total = identity();
          for (std::size_t window = windows; window-- > 0;) {
            for (int k = 0; k < window_bits; k++) total = doubled(total.projective()).extended();
            add_to(&total, by_window[window].half[half]);
          }
          for (std::uint16_t cell : part.cells) {
            add_to(&sums[(group * rows_.cell_count + cell) * measures + measure].half[half], total);
          }
        }
      }
    }
  }
  out->clear();
  for (const Total& sum : sums) {
    for (const Extended<Fe>& half : sum.half) out->push_back(row_of(half));
  }
  return {};
}

void encode_sums(const std::vector<std::vector<PointRow>>& parts, std::uint8_t* out) {
  for (std::size_t i = 0; i < parts[0].size(); i++) {
    Extended<Fe> sum = identity();
    for (const std::vector<PointRow>& part : parts) add_to(&sum, read_points<Fe>(&part[i]));
    encode_points(sum, out + i * element_bytes);
  }
}

}  // namespace causeway
