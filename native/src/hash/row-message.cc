#include "hash/row-message.h"

#include <cassert>
#include <cstring>
#include <type_traits>

#include "hash/sha2.h"
#include "hash/words-portable.h"

namespace causeway {

template <std::size_t word_bytes>
RowMessage<word_bytes>::RowMessage(Span head, std::size_t row_bytes, Span tail) : row_bytes_(row_bytes) {
  using Word = std::conditional_t<word_bytes == 8, Words64, Words32>;
  using Hash = Sha2<word_bytes>;
  assert(row_bytes <= row_bytes_max && tail.length <= tail_bytes_max);
  Word state[8], block[16];
  for (int i = 0; i < 8; i++) state[i] = Word::of(Hash::widened(sha2_initial[i]));
  std::size_t compressed = 0;
  for (; head.length - compressed >= block_bytes; compressed += block_bytes) {
    for (std::size_t i = 0; i < 16; i++) block[i] = Word::load(head.data + compressed + i * word_bytes, 0);
    compress(state, block);
  }
  for (int i = 0; i < 8; i++) state_[i] = state[i].value;

  row_offset_ = head.length - compressed;
  if (row_offset_ > 0) std::memcpy(rest_, head.data + compressed, row_offset_);
  const std::size_t tail_offset = row_offset_ + row_bytes;
  if (tail.length > 0) std::memcpy(rest_ + tail_offset, tail.data, tail.length);
  // FIPS 180-4 §5.1: a bit 1, zeros, and the length of the whole message in bits, at the end of a block.
  const std::size_t end = tail_offset + tail.length;
  rest_[end] = 0x80;
  rest_bytes_ = (end + 1 + Hash::length_bytes + block_bytes - 1) / block_bytes * block_bytes;
  const std::uint64_t bits = 8 * std::uint64_t{compressed + end};
  for (std::size_t i = 0; i < 8; i++) rest_[rest_bytes_ - 1 - i] = static_cast<std::uint8_t>(bits >> (8 * i));
}

template class RowMessage<4>;
template class RowMessage<8>;

}  // namespace causeway
