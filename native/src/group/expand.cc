#include "group/expand.h"

#include <vector>

namespace causeway {

namespace {

using Bytes = std::vector<std::uint8_t>;

void append(Bytes* bytes, Span span) {
  if (span.length > 0) bytes->insert(bytes->end(), span.data, span.data + span.length);
}

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

struct RowExpansion::Parts {
  Bytes head, tail0, tail1;

  Parts(Span message_head, Span message_tail, Span dst) : head(RowMessage<8>::block_bytes, 0), tail1{1} {
    append(&head, message_head);
    append(&tail0, message_tail);
    const std::uint8_t length_and_zero[] = {0, uniform_bytes, 0};
    append(&tail0, {length_and_zero, sizeof length_and_zero});
    const Bytes tag = dst_prime(dst);
    append(&tail0, {tag.data(), tag.size()});
    append(&tail1, {tag.data(), tag.size()});
  }
};

RowExpansion::RowExpansion(Span head, std::size_t row_bytes, Span tail, Span dst)
    : RowExpansion(Parts(head, tail, dst), row_bytes) {}

RowExpansion::RowExpansion(const Parts& parts, std::size_t row_bytes)
    : b0_({parts.head.data(), parts.head.size()}, row_bytes, {parts.tail0.data(), parts.tail0.size()}),
      b1_({}, RowMessage<8>::digest_bytes, {parts.tail1.data(), parts.tail1.size()}) {}

void RowExpansion::expand(const GroupKernel& kernel, const std::uint8_t* rows, std::size_t row_count,
                          std::uint8_t* uniform) const {
  std::uint8_t digests[rows_max * RowMessage<8>::digest_bytes];
  kernel.sha512(b0_, rows, row_count, digests);
  kernel.sha512(b1_, digests, row_count, uniform);
}

}  // namespace causeway
