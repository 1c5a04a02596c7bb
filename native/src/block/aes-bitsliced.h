/**
 * AES-128 encryption (FIPS 197), eight blocks at a time, bit-sliced: no table, no branch, so constant time on every
 * CPU.
 *
 * Word j holds bit j of all bytes. Two vector lanes hold four blocks each; within a lane, the byte in row r and column
 * c of block k is at bit 16r + 4c + k. So ShiftRows rotates within groups of 16 bits, and MixColumns rotates lanes
 * by 16.
 */
#pragma once
#include "block/sbox-bitsliced.h"

namespace causeway {
namespace {
namespace bitsliced {

/** Two lanes of 64 bits; every compiler that we name has them on every CPU. */
typedef std::uint64_t Word __attribute__((vector_size(16)));

constexpr std::size_t blocks_at_a_time = 8;

/** Round keys, bit-sliced for all blocks of a lane alike. */
struct Schedule {
  std::uint64_t round[11][8];
};

/** Puts bytes 0..3 of a column into the even bytes of a word. */
CAUSEWAY_INLINE std::uint64_t spread(std::uint32_t column) {
  std::uint64_t x = column;
  x = (x | x << 16) & 0x0000ffff0000ffff;
  return (x | x << 8) & 0x00ff00ff00ff00ff;
}

CAUSEWAY_INLINE std::uint32_t unspread(std::uint64_t x) {
  x &= 0x00ff00ff00ff00ff;
  x = (x | x >> 8) & 0x0000ffff0000ffff;
  return static_cast<std::uint32_t>(x | x >> 16);
}

/** Exchanges the bits under `mask << shift` of a with those under `mask` of b. */
template <class W>
CAUSEWAY_INLINE void exchange(W& a, W& b, std::uint64_t mask, int shift) {
  const W t = ((a >> shift) ^ b) & mask;
  b ^= t;
  a ^= t << shift;
}

/** Transposes the 8 x 8 bits that lie at one byte position of the eight words; its own inverse. */
template <class W>
CAUSEWAY_INLINE void transpose_bits(W (&q)[8]) {
  for (int i = 0; i < 8; i += 2) exchange(q[i], q[i + 1], 0x5555555555555555, 1);
  for (int i = 0; i < 8; i += 4)
    for (int k = 0; k < 2; k++) exchange(q[i + k], q[i + k + 2], 0x3333333333333333, 2);
  for (int i = 0; i < 4; i++) exchange(q[i], q[i + 4], 0x0f0f0f0f0f0f0f0f, 4);
}

/** Four blocks into one lane. */
CAUSEWAY_INLINE void slice_lane(std::uint64_t (&q)[8], const Block* blocks) {
  for (int k = 0; k < 4; k++) {
    const Block b = blocks[k];
    q[k] = spread(static_cast<std::uint32_t>(b.lo)) | spread(static_cast<std::uint32_t>(b.hi)) << 8;
    q[4 + k] = spread(static_cast<std::uint32_t>(b.lo >> 32)) | spread(static_cast<std::uint32_t>(b.hi >> 32)) << 8;
  }
  transpose_bits(q);
}

CAUSEWAY_INLINE void slice(Word (&q)[8], const Block* blocks) {
  std::uint64_t a[8], b[8];
  slice_lane(a, blocks);
  slice_lane(b, blocks + 4);
  for (int j = 0; j < 8; j++) q[j] = Word{a[j], b[j]};
}

CAUSEWAY_INLINE void unslice(Block* blocks, Word (&q)[8]) {
  transpose_bits(q);
  for (int lane = 0; lane < 2; lane++) {
    for (int k = 0; k < 4; k++) {
      const std::uint64_t even = q[k][lane], odd = q[4 + k][lane];
      blocks[4 * lane + k] = {unspread(even) | static_cast<std::uint64_t>(unspread(odd)) << 32,
                              unspread(even >> 8) | static_cast<std::uint64_t>(unspread(odd >> 8)) << 32};
    }
  }
}

CAUSEWAY_INLINE Word shift_row(Word x) {
  return (x & 0x000000000000ffff) | (x & 0x00000000fff00000) >> 4 | (x & 0x00000000000f0000) << 12 |
         (x & 0x0000ff0000000000) >> 8 | (x & 0x000000ff00000000) << 8 | (x & 0xf000000000000000) >> 12 |
         (x & 0x0fff000000000000) << 4;
}

CAUSEWAY_INLINE void mix_columns(Word (&q)[8]) {
  Word sum[8], next[8];
  for (int j = 0; j < 8; j++) {
    next[j] = q[j] >> 16 | q[j] << 48;
    sum[j] = q[j] ^ next[j];
  }
  // Row r becomes xtime(r ^ (r+1)) ^ (r+1) ^ (r+2) ^ (r+3); xtime folds bit 7 by 0x1b.
  for (int j = 0; j < 8; j++) {
    const Word doubled = j == 0 ? sum[7] : (j == 1 || j == 3 || j == 4) ? sum[j - 1] ^ sum[7] : sum[j - 1];
    q[j] = doubled ^ next[j] ^ (sum[j] >> 32 | sum[j] << 32);
  }
}

CAUSEWAY_INLINE void add_round_key(Word (&q)[8], const std::uint64_t (&key)[8]) {
  for (int j = 0; j < 8; j++) q[j] ^= key[j];
}

CAUSEWAY_INLINE std::uint32_t sub_word(std::uint32_t word) {
  std::uint64_t q[8] = {word};
  transpose_bits(q);
  sub_bytes(q);
  transpose_bits(q);
  return static_cast<std::uint32_t>(q[0]);
}

inline Schedule schedule(Block key) {
  Schedule s;
  std::uint32_t w[4];
  std::memcpy(w, &key, sizeof w);
  std::uint32_t round_constant = 1;
  for (int round = 0; round <= 10; round++) {
    if (round > 0) {
      w[0] ^= sub_word(w[3] >> 8 | w[3] << 24) ^ round_constant;
      for (int i = 1; i < 4; i++) w[i] ^= w[i - 1];
      round_constant = round_constant << 1 ^ (round_constant >> 7) * 0x11b;
    }
    Block round_key;
    std::memcpy(&round_key, w, sizeof w);
    const Block four[4] = {round_key, round_key, round_key, round_key};
    slice_lane(s.round[round], four);
  }
  return s;
}

/** Encrypts eight blocks; `out` may be `in`. */
inline void encrypt(const Schedule& s, Block* out, const Block* in) {
  Word q[8];
  slice(q, in);
  add_round_key(q, s.round[0]);
  for (int round = 1; round <= 10; round++) {
    sub_bytes(q);
    for (Word& word : q) word = shift_row(word);
    if (round < 10) mix_columns(q);
    add_round_key(q, s.round[round]);
  }
  unslice(out, q);
}

}  // namespace bitsliced
}  // namespace
}  // namespace causeway
