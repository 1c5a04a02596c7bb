/** expand_message_xmd (RFC 9380 §5.3.1) with SHA-512, to 64 bytes, of many messages that differ in one part. */
#pragma once

#include "group/kernel.h"

namespace causeway {

/**
 * Of the messages head ‖ row ‖ tail. 64 bytes are one digest, b₁ = H(b₀ ‖ 1 ‖ DST′), of another,
 * b₀ = H(Z_pad ‖ msg ‖ l_i_b ‖ 0 ‖ DST′).
 */
class RowExpansion {
 public:
  /**
   * @param row_bytes up to 72. @param tail up to 32 bytes.
   * @param dst domain separation tag, not empty; one over 255 bytes is replaced by its hash (§5.3.3).
   */
  RowExpansion(Span head, std::size_t row_bytes, Span tail, Span dst);

  /** Rows that are expanded at a time. */
  static constexpr std::size_t rows_max = 256;
  /** @param row_count up to `rows_max`. @param uniform 64 bytes for each row. */
  void expand(const GroupKernel& kernel, const std::uint8_t* rows, std::size_t row_count, std::uint8_t* uniform) const;

 private:
  struct Parts;
  RowExpansion(const Parts& parts, std::size_t row_bytes);

  RowMessage<8> b0_, b1_;
};

}  // namespace causeway
