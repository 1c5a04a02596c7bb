#include "group/operations.h"

#include <cstring>
#include <vector>

namespace causeway {

namespace {

/** Rows whose intermediate results are held at a time. */
constexpr std::size_t rows_held = RowExpansion::rows_max;

constexpr std::size_t held_of(std::size_t rest) { return rest < rows_held ? rest : rows_held; }

/** Key, length of an element, element. */
constexpr std::size_t finalize_row_bytes = key_bytes + 2 + element_bytes;

RowMessage<8> finalize_message(Span prefix) {
  const std::size_t length = prefix.length + key_bytes;
  std::vector<std::uint8_t> head = {static_cast<std::uint8_t>(length >> 8), static_cast<std::uint8_t>(length)};
  if (prefix.length > 0) head.insert(head.end(), prefix.data, prefix.data + prefix.length);
  constexpr std::uint8_t label[] = {'F', 'i', 'n', 'a', 'l', 'i', 'z', 'e'};
  return RowMessage<8>({head.data(), head.size()}, finalize_row_bytes, {label, sizeof label});
}

}  // namespace

Fault blind(const GroupKernel& kernel, const RowExpansion& hash, const ScalarDigits& scalar, const std::uint8_t* keys,
            std::size_t row_count, std::uint8_t* out) {
  for (std::size_t first = 0; first < row_count; first += rows_held) {
    const std::size_t count = held_of(row_count - first);
    std::uint8_t uniform[rows_held * uniform_bytes];
    hash.expand(kernel, keys + first * key_bytes, count, uniform);
    Fault fault = kernel.multiply_mapped(scalar, uniform, count, out + first * element_bytes);
    if (fault.kind != Fault::none) {
      fault.row += first;
      return fault;
    }
  }
  return {};
}

Fault evaluate(const GroupKernel& kernel, const RowMessage<4>& tag, std::size_t tag_bytes, const ScalarDigits& scalar,
               const std::uint8_t* points, std::size_t row_count, std::uint8_t* out) {
  for (std::size_t first = 0; first < row_count; first += rows_held) {
    const std::size_t count = held_of(row_count - first);
    std::uint8_t products[rows_held * element_bytes], digests[rows_held * RowMessage<4>::digest_bytes];
    Fault fault = kernel.multiply(scalar, points + first * element_bytes, count, products);
    if (fault.kind != Fault::none) {
      fault.row += first;
      return fault;
    }
    kernel.sha256(tag, products, count, digests);
    for (std::size_t i = 0; i < count; i++) {
      std::memcpy(out + (first + i) * tag_bytes, digests + i * RowMessage<4>::digest_bytes, tag_bytes);
    }
  }
  return {};
}

Finalize::Finalize(Span prefix) : message_(finalize_message(prefix)) {}

void Finalize::outputs(const GroupKernel& kernel, const std::uint8_t* keys, const std::uint8_t* points,
                       std::size_t row_count, std::size_t output_bytes, std::uint8_t* out) const {
  std::uint8_t rows[rows_held * finalize_row_bytes];
  std::uint8_t digests[rows_held * RowMessage<8>::digest_bytes];
  for (std::size_t first = 0; first < row_count; first += rows_held) {
    const std::size_t count = held_of(row_count - first);
    for (std::size_t i = 0; i < count; i++) {
      std::uint8_t* const row = rows + i * finalize_row_bytes;
      std::memcpy(row, keys + (first + i) * key_bytes, key_bytes);
      row[key_bytes] = 0;
      row[key_bytes + 1] = element_bytes;
      std::memcpy(row + key_bytes + 2, points + (first + i) * element_bytes, element_bytes);
    }
    kernel.sha512(message_, rows, count, digests);
    for (std::size_t i = 0; i < count; i++) {
      std::memcpy(out + (first + i) * output_bytes, digests + i * RowMessage<8>::digest_bytes, output_bytes);
    }
  }
}

Fault prf(const GroupKernel& kernel, const RowExpansion& hash, const ScalarDigits& scalar, const Finalize& finalize,
          const std::uint8_t* keys, std::size_t row_count, std::size_t output_bytes, std::uint8_t* out) {
  for (std::size_t first = 0; first < row_count; first += rows_held) {
    const std::size_t count = held_of(row_count - first);
    std::uint8_t points[rows_held * element_bytes];
    Fault fault = blind(kernel, hash, scalar, keys + first * key_bytes, count, points);
    if (fault.kind != Fault::none) {
      fault.row += first;
      return fault;
    }
    finalize.outputs(kernel, keys + first * key_bytes, points, count, output_bytes, out + first * output_bytes);
  }
  return {};
}

}  // namespace causeway
