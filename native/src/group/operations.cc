#include "group/operations.h"

#include <cstring>
#include <vector>

namespace causeway {

namespace {

using Bytes = std::vector<std::uint8_t>;

void append(Bytes* bytes, Span span) {
  if (span.length > 0) bytes->insert(bytes->end(), span.data, span.data + span.length);
}

/** Rows whose intermediate digests are held at a time. */
constexpr std::size_t rows_held = 256;

/** DST′: the tag, or its hash, and its length. */
Bytes dst_prime(Span dst) {
  Bytes tag;
  if (dst.length > 255) {
    const char label[] = "H2C-OVERSIZE-DST-";
    Bytes oversize(label, label + sizeof label - 1);
    append(&oversize, dst);
    tag.resize(RowMessage<8>::digest_bytes);
    const RowMessage<8> message({oversize.data(), oversize.size()}, 0, {});
    group_kernel(CpuClass::portable).sha512(message, oversize.data(), 1, tag.data());
  } else {
    append(&tag, dst);
  }
  tag.push_back(static_cast<std::uint8_t>(tag.size()));
  return tag;
}

}  // namespace

struct HashToGroup::Parts {
  Bytes head, tail0, tail1;

  Parts(Span prefix, Span dst) : head(RowMessage<8>::block_bytes, 0), tail0{0, uniform_bytes, 0}, tail1{1} {
    append(&head, prefix);
    const Bytes tag = dst_prime(dst);
    append(&tail0, {tag.data(), tag.size()});
    append(&tail1, {tag.data(), tag.size()});
  }
};

HashToGroup::HashToGroup(Span prefix, Span dst) : HashToGroup(Parts(prefix, dst)) {}

HashToGroup::HashToGroup(const Parts& parts)
    : b0_({parts.head.data(), parts.head.size()}, key_bytes, {parts.tail0.data(), parts.tail0.size()}),
      b1_({}, RowMessage<8>::digest_bytes, {parts.tail1.data(), parts.tail1.size()}) {}

Fault blind(const GroupKernel& kernel, const HashToGroup& hash, const ScalarDigits& scalar, const std::uint8_t* keys,
            std::size_t row_count, std::uint8_t* out) {
  for (std::size_t first = 0; first < row_count; first += rows_held) {
    const std::size_t count = row_count - first < rows_held ? row_count - first : rows_held;
    std::uint8_t digests[rows_held * uniform_bytes], uniform[rows_held * uniform_bytes];
    kernel.sha512(hash.b0(), keys + first * key_bytes, count, digests);
    kernel.sha512(hash.b1(), digests, count, uniform);
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
    const std::size_t count = row_count - first < rows_held ? row_count - first : rows_held;
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

}  // namespace causeway
