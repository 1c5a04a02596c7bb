/** What protocols ask of a kernel: blinding hashed keys, and tags of multiplied points. Plain compositions, for every
 * class. */
#pragma once

#include "group/kernel.h"

namespace causeway {

inline constexpr std::size_t key_bytes = 16;

/**
 * hash_to_ristretto255 (RFC 9380 appendix B) of prefix ‖ key: expand_message_xmd with SHA-512 (§5.3.1) to 64 bytes,
 * which are mapped. Those are one digest, b₁ = H(b₀ ‖ 1 ‖ DST′), of another, b₀ = H(Z_pad ‖ msg ‖ l_i_b ‖ 0 ‖ DST′).
 */
class HashToGroup {
 public:
  /** @param dst domain separation tag, not empty; one over 255 bytes is replaced by its hash (§5.3.3). */
  HashToGroup(Span prefix, Span dst);

  const RowMessage<8>& b0() const { return b0_; }
  const RowMessage<8>& b1() const { return b1_; }

 private:
  struct Parts;
  explicit HashToGroup(const Parts& parts);

  RowMessage<8> b0_, b1_;
};

/** scalar · H(prefix ‖ keyᵢ). @param keys rows of 16 bytes. @param out 32 bytes for each. */
Fault blind(const GroupKernel& kernel, const HashToGroup& hash, const ScalarDigits& scalar, const std::uint8_t* keys,
            std::size_t row_count, std::uint8_t* out);

/**
 * The first `tag_bytes` bytes of SHA-256(context ‖ encoding of scalar · pointᵢ).
 * @param tag made for rows of 32 bytes. @param out `tag_bytes` for each row, 1 to 32.
 */
Fault evaluate(const GroupKernel& kernel, const RowMessage<4>& tag, std::size_t tag_bytes, const ScalarDigits& scalar,
               const std::uint8_t* points, std::size_t row_count, std::uint8_t* out);

}  // namespace causeway
