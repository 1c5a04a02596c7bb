/**
 * Hashing many messages that differ in one part only: head ‖ row ‖ tail, with rows of one length. What is the same is
 * laid out, and as far as possible compressed, once.
 */
#pragma once

#include <cstddef>
#include <cstdint>

namespace causeway {

/** Bytes that are passed on, not owned. */
struct Span {
  const std::uint8_t* data = nullptr;
  std::size_t length = 0;
};

/** @param word_bytes 4 for SHA-256, 8 for SHA-512. */
template <std::size_t word_bytes>
class RowMessage {
 public:
  static constexpr std::size_t block_bytes = 16 * word_bytes;
  static constexpr std::size_t digest_bytes = 8 * word_bytes;
  static constexpr std::size_t row_bytes_max = 72;
  static constexpr std::size_t tail_bytes_max = 320;
  /** What can be left to hash for each row, in whole blocks: part of one of the head, the row, the tail, and padding.
   */
  static constexpr std::size_t rest_bytes_max =
      (block_bytes - 1 + row_bytes_max + tail_bytes_max + 1 + 16 + block_bytes - 1) / block_bytes * block_bytes;

  /** @param row_bytes up to 72. @param tail up to 320 bytes. */
  RowMessage(Span head, std::size_t row_bytes, Span tail);

  /** State after the whole blocks of the head. */
  const std::uint64_t* state() const { return state_; }
  /** The remaining blocks, padded, with room for the row at `row_offset`. */
  const std::uint8_t* rest() const { return rest_; }
  std::size_t rest_bytes() const { return rest_bytes_; }
  std::size_t row_offset() const { return row_offset_; }
  std::size_t row_bytes() const { return row_bytes_; }

 private:
  std::uint64_t state_[8];
  std::uint8_t rest_[rest_bytes_max] = {};
  std::size_t rest_bytes_;
  std::size_t row_offset_;
  std::size_t row_bytes_;
};

extern template class RowMessage<4>;
extern template class RowMessage<8>;

}  // namespace causeway
