/** SHA-2 of the messages of many rows, in as many lanes as `Word` has. */
#pragma once

#include <cstring>

#include "hash/row-message.h"
#include "hash/sha2.h"

namespace causeway {

/**
 * @param rows `row_count` rows of the message's row length, packed.
 * @param digests room for as many digests, packed.
 */
template <class Word>
void digest_rows(const RowMessage<Word::bytes>& message, const std::uint8_t* rows, std::size_t row_count,
                 std::uint8_t* digests) {
  using Message = RowMessage<Word::bytes>;
  using Integer = decltype(Sha2<Word::bytes>::widened(0));
  constexpr std::size_t lanes = Word::lanes, word_bytes = Word::bytes;
  std::uint8_t rest[lanes][Message::rest_bytes_max];
  for (std::size_t lane = 0; lane < lanes; lane++) std::memcpy(rest[lane], message.rest(), message.rest_bytes());
  for (std::size_t first = 0; first < row_count; first += lanes) {
    // In the last group, lanes without a row hash what the group before left there.
    const std::size_t filled = row_count - first < lanes ? row_count - first : lanes;
    for (std::size_t lane = 0; lane < filled; lane++) {
      std::memcpy(rest[lane] + message.row_offset(), rows + (first + lane) * message.row_bytes(), message.row_bytes());
    }
    Word state[8], block[16];
    for (int i = 0; i < 8; i++) state[i] = Word::of(static_cast<Integer>(message.state()[i]));
    for (std::size_t at = 0; at < message.rest_bytes(); at += Message::block_bytes) {
      for (std::size_t i = 0; i < 16; i++) block[i] = Word::load(rest[0] + at + i * word_bytes, sizeof rest[0]);
      compress(state, block);
    }
    for (std::size_t i = 0; i < 8; i++) {
      Integer word[lanes];
      state[i].store(word);
      for (std::size_t lane = 0; lane < filled; lane++) {
        std::uint8_t* const out = digests + (first + lane) * Message::digest_bytes + i * word_bytes;
        for (std::size_t k = 0; k < word_bytes; k++) {
          out[k] = static_cast<std::uint8_t>(word[lane] >> (8 * (word_bytes - 1 - k)));
        }
      }
    }
  }
}

}  // namespace causeway
