/**
 * The compression functions of SHA-256 and SHA-512 (FIPS 180-4 §6.2, §6.4), once for words of 32 and of 64 bits and for
 * any number of lanes: `Word` is a register of words of as many messages, all of the same length (words-*.h).
 */
#pragma once

#include <cstddef>
#include <cstdint>

#include "cpu/inline.h"

namespace causeway {

/** §4.2.3. The constants of SHA-256 are the upper halves of the first 64. */
inline constexpr std::uint64_t sha2_constants[80] = {
    0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc, 0x3956c25bf348b538,
    0x59f111f1b605d019, 0x923f82a4af194f9b, 0xab1c5ed5da6d8118, 0xd807aa98a3030242, 0x12835b0145706fbe,
    0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2, 0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235,
    0xc19bf174cf692694, 0xe49b69c19ef14ad2, 0xefbe4786384f25e3, 0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65,
    0x2de92c6f592b0275, 0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5, 0x983e5152ee66dfab,
    0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4, 0xc6e00bf33da88fc2, 0xd5a79147930aa725,
    0x06ca6351e003826f, 0x142929670a0e6e70, 0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed,
    0x53380d139d95b3df, 0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b,
    0xa2bfe8a14cf10364, 0xa81a664bbc423001, 0xc24b8b70d0f89791, 0xc76c51a30654be30, 0xd192e819d6ef5218,
    0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8, 0x19a4c116b8d2d0c8, 0x1e376c085141ab53,
    0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8, 0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb, 0x5b9cca4f7763e373,
    0x682e6ff3d6b2b8a3, 0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
    0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915, 0xc67178f2e372532b, 0xca273eceea26619c,
    0xd186b8c721c0c207, 0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178, 0x06f067aa72176fba, 0x0a637dc5a2c898a6,
    0x113f9804bef90dae, 0x1b710b35131c471b, 0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc,
    0x431d67c49c100d4c, 0x4cc5d4becb3e42b6, 0x597f299cfc657e2a, 0x5fcb6fab3ad6faec, 0x6c44198c4a475817,
};

/** §5.3.5. The initial state of SHA-256 is the upper halves. */
inline constexpr std::uint64_t sha2_initial[8] = {
    0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
    0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
};

/** What differs between the two, by the size of a word. */
template <std::size_t word_bytes>
struct Sha2;

/** SHA-256. */
template <>
struct Sha2<4> {
  static constexpr std::size_t rounds = 64, length_bytes = 8;
  static constexpr std::uint32_t widened(std::uint64_t constant) { return static_cast<std::uint32_t>(constant >> 32); }
  static constexpr int upper0[3] = {2, 13, 22}, upper1[3] = {6, 11, 25}, lower0[3] = {7, 18, 3},
                       lower1[3] = {17, 19, 10};
};

/** SHA-512. */
template <>
struct Sha2<8> {
  static constexpr std::size_t rounds = 80, length_bytes = 16;
  static constexpr std::uint64_t widened(std::uint64_t constant) { return constant; }
  static constexpr int upper0[3] = {28, 34, 39}, upper1[3] = {14, 18, 41}, lower0[3] = {1, 8, 7},
                       lower1[3] = {19, 61, 6};
};

/**
 * One block: `state` becomes the next. `schedule` holds the block's words, and is used up.
 */
template <class Word>
void compress(Word (&state)[8], Word (&schedule)[16]) {
  using Hash = Sha2<Word::bytes>;
  Word a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
  for (std::size_t round = 0; round < Hash::rounds; round += 16) {
    CAUSEWAY_UNROLL for (std::size_t i = 0; i < 16; i++) {
      if (round > 0) {
        const Word w1 = schedule[(i + 1) % 16], w14 = schedule[(i + 14) % 16];
        const Word s0 = xor3(w1.template rotated<Hash::lower0[0]>(), w1.template rotated<Hash::lower0[1]>(),
                             w1.template shifted<Hash::lower0[2]>());
        const Word s1 = xor3(w14.template rotated<Hash::lower1[0]>(), w14.template rotated<Hash::lower1[1]>(),
                             w14.template shifted<Hash::lower1[2]>());
        schedule[i] = schedule[i] + s0 + schedule[(i + 9) % 16] + s1;
      }
      const Word sum1 = xor3(e.template rotated<Hash::upper1[0]>(), e.template rotated<Hash::upper1[1]>(),
                             e.template rotated<Hash::upper1[2]>());
      const Word t1 = h + sum1 + choice(e, f, g) + Word::of(Hash::widened(sha2_constants[round + i])) + schedule[i];
      const Word sum0 = xor3(a.template rotated<Hash::upper0[0]>(), a.template rotated<Hash::upper0[1]>(),
                             a.template rotated<Hash::upper0[2]>());
      const Word t2 = sum0 + majority(a, b, c);
      h = g;
      g = f;
      f = e;
      e = d + t1;
      d = c;
      c = b;
      b = a;
      a = t1 + t2;
    }
  }
  state[0] = state[0] + a;
  state[1] = state[1] + b;
  state[2] = state[2] + c;
  state[3] = state[3] + d;
  state[4] = state[4] + e;
  state[5] = state[5] + f;
  state[6] = state[6] + g;
  state[7] = state[7] + h;
}

}  // namespace causeway
