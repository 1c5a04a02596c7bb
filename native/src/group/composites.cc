#include "group/composites.h"

#include <cstring>
#include <vector>

namespace causeway {

namespace {

/** Number, length and bytes of c, length and bytes of d. */
constexpr std::size_t row_bytes = 2 + 2 * (2 + element_bytes);

RowExpansion weight_expansion(const std::uint8_t* seed, Span dst) {
  std::uint8_t head[2 + Composites::seed_bytes] = {0, Composites::seed_bytes};
  std::memcpy(head + 2, seed, Composites::seed_bytes);
  constexpr std::uint8_t label[] = {'C', 'o', 'm', 'p', 'o', 's', 'i', 't', 'e'};
  return RowExpansion({head, sizeof head}, row_bytes, {label, sizeof label}, dst);
}

/** I2OSP(value, 2). */
std::uint8_t* append_number(std::uint8_t* at, std::size_t value) {
  at[0] = static_cast<std::uint8_t>(value >> 8);
  at[1] = static_cast<std::uint8_t>(value);
  return at + 2;
}

std::uint8_t* append_element(std::uint8_t* at, const std::uint8_t* element) {
  at = append_number(at, element_bytes);
  std::memcpy(at, element, element_bytes);
  return at + element_bytes;
}

}  // namespace

Composites::Composites(const std::uint8_t* seed, Span dst) : expansion_(weight_expansion(seed, dst)) {}

Fault Composites::sums(const GroupKernel& kernel, const std::uint8_t* c, const std::uint8_t* d, std::size_t first_index,
                       std::size_t row_count, std::size_t sum_count, std::uint8_t* out) const {
  std::vector<PublicDigits> weights(row_count);
  for (std::size_t first = 0; first < row_count; first += RowExpansion::rows_max) {
    const std::size_t rest = row_count - first;
    const std::size_t count = rest < RowExpansion::rows_max ? rest : RowExpansion::rows_max;
    std::uint8_t rows[RowExpansion::rows_max * row_bytes], uniform[RowExpansion::rows_max * uniform_bytes];
    std::uint8_t* at = rows;
    for (std::size_t row = first; row < first + count; row++) {
      at = append_number(at, first_index + row);
      at = append_element(at, c + row * element_bytes);
      at = append_element(at, d + row * element_bytes);
    }
    expansion_.expand(kernel, rows, count, uniform);
    for (std::size_t i = 0; i < count; i++) {
      std::uint8_t weight[32];
      reduce_scalar(uniform + i * uniform_bytes, weight);
      weights[first + i] = PublicDigits::of_half(weight);
    }
  }
  const std::uint8_t* const lists[] = {c, d};
  return kernel.weighted_sums(weights.data(), lists, sum_count, row_count, out);
}

void add_parts(const GroupKernel& kernel, const std::uint8_t* parts, std::size_t part_count, std::size_t sum_count,
               std::uint8_t* out) {
  constexpr std::uint8_t one[32] = {1};
  const std::vector<PublicDigits> ones(part_count, PublicDigits::of_half(one));
  std::vector<std::uint8_t> terms(part_count * element_bytes);
  for (std::size_t sum = 0; sum < sum_count; sum++) {
    // A sum may be the identity, which adds nothing, and is a fault in a list.
    std::size_t term_count = 0;
    for (std::size_t part = 0; part < part_count; part++) {
      constexpr std::uint8_t identity[element_bytes] = {};
      const std::uint8_t* const term = parts + (part * sum_count + sum) * element_bytes;
      if (std::memcmp(term, identity, element_bytes) == 0) continue;
      std::memcpy(terms.data() + term_count++ * element_bytes, term, element_bytes);
    }
    const std::uint8_t* const list = terms.data();
    kernel.weighted_sums(ones.data(), &list, 1, term_count, out + sum * element_bytes);
  }
}

}  // namespace causeway
