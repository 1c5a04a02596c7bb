/** Rows of every shape, in every crowd, come out as a stable sort by comparison has them. */
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <random>
#include <vector>

#include "check.h"
#include "rows/sort.h"

namespace {

using Row = std::vector<std::uint8_t>;

/** How the keys of a list are spread. */
enum class Spread { even, shared_prefix, few_values, all_equal, one_crowd };

Row row_of(std::mt19937_64& random, Spread spread, std::size_t row_bytes, std::size_t number) {
  Row row(row_bytes);
  for (std::uint8_t& byte : row) byte = static_cast<std::uint8_t>(random());
  const bool is_crowded = spread == Spread::one_crowd && number % 3 != 0;
  if (spread == Spread::shared_prefix) std::memset(row.data(), 0xa5, 3);
  if (spread == Spread::few_values) std::memset(row.data(), static_cast<int>(random() % 5), row_bytes - 4);
  if (spread == Spread::all_equal) std::memset(row.data(), 7, row_bytes - 4);
  if (is_crowded) std::memset(row.data(), 0x42, 8);
  return row;
}

void sorts(std::mt19937_64& random, Spread spread, std::size_t count, causeway::rows::Shape shape) {
  std::vector<Row> expected(count);
  for (std::size_t i = 0; i < count; i++) expected[i] = row_of(random, spread, shape.row_bytes, i);
  std::vector<std::uint8_t> from, to(count * shape.row_bytes);
  for (const Row& row : expected) from.insert(from.end(), row.begin(), row.end());
  std::stable_sort(expected.begin(), expected.end(),
                   [&](const Row& a, const Row& b) { return std::memcmp(a.data(), b.data(), shape.key_bytes) < 0; });
  causeway::rows::sort(from.data(), to.data(), count, shape);
  for (std::size_t i = 0; i < count; i++) {
    CHECK(std::memcmp(to.data() + i * shape.row_bytes, expected[i].data(), shape.row_bytes) == 0);
  }
}

}  // namespace

int main() {
  std::mt19937_64 random(1);
  for (Spread spread :
       {Spread::even, Spread::shared_prefix, Spread::few_values, Spread::all_equal, Spread::one_crowd}) {
    for (causeway::rows::Shape shape :
         {causeway::rows::Shape{8, 3}, {10, 6}, {12, 8}, {12, 12}, {14, 10}, {24, 16}, {24, 20}}) {
      for (std::size_t count : {0, 1, 2, 3, 23, 24, 25, 26, 1000, 40000}) sorts(random, spread, count, shape);
    }
  }
  return 0;
}
