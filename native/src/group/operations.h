/** What protocols ask of a kernel row by row: blinding hashed keys, tags of multiplied points, outputs of the oblivious
 * function. Plain compositions, for every class. */
#pragma once

#include "group/expand.h"
#include "group/kernel.h"

namespace causeway {

inline constexpr std::size_t key_bytes = 16;

/**
 * scalar · hash_to_ristretto255 (RFC 9380 appendix B) of each key.
 * @param hash made for rows of `key_bytes`. @param keys rows of 16 bytes. @param out 32 bytes for each.
 */
Fault blind(const GroupKernel& kernel, const RowExpansion& hash, const ScalarDigits& scalar, const std::uint8_t* keys,
            std::size_t row_count, std::uint8_t* out);

/**
 * The first `tag_bytes` bytes of SHA-256(context ‖ encoding of scalar · pointᵢ).
 * @param tag made for rows of 32 bytes. @param out `tag_bytes` for each row, 1 to 32.
 */
Fault evaluate(const GroupKernel& kernel, const RowMessage<4>& tag, std::size_t tag_bytes, const ScalarDigits& scalar,
               const std::uint8_t* points, std::size_t row_count, std::uint8_t* out);

/**
 * The output of the oblivious function for each key and its element, which is taken as bytes (RFC 9497 §3.3.1,
 * Finalize): SHA-512(I2OSP(length, 2) ‖ input ‖ I2OSP(32, 2) ‖ element ‖ "Finalize"), of input = prefix ‖ key.
 */
class Finalize {
 public:
  /** @param prefix up to 65,519 bytes. */
  explicit Finalize(Span prefix);

  static constexpr std::size_t output_bytes_max = RowMessage<8>::digest_bytes;
  /** @param out the first `output_bytes` bytes of each output, 1 to 64. */
  void outputs(const GroupKernel& kernel, const std::uint8_t* keys, const std::uint8_t* points, std::size_t row_count,
               std::size_t output_bytes, std::uint8_t* out) const;

 private:
  RowMessage<8> message_;
};

/**
 * The function of who holds its key, for each key (§3.3.1, Evaluate): finalized as it is blinded, piece by piece.
 * @param hash made for rows of `key_bytes`, with the prefix of `finalize`. @param out as Finalize::outputs.
 */
Fault prf(const GroupKernel& kernel, const RowExpansion& hash, const ScalarDigits& scalar, const Finalize& finalize,
          const std::uint8_t* keys, std::size_t row_count, std::size_t output_bytes, std::uint8_t* out);

}  // namespace causeway
