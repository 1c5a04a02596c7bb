/** The key schedule of AES-128 (FIPS 197 §5.2) by AESKEYGENASSIST. Only for files compiled with AES-NI. */
#pragma once
#include "block/block.h"
#include "block/x86.h"

namespace causeway {
namespace {
namespace aesni {

struct Schedule {
  __m128i round[11];
};

template <int round_constant>
CAUSEWAY_INLINE __m128i next_round_key(__m128i key) {
  const __m128i assist = _mm_shuffle_epi32(_mm_aeskeygenassist_si128(key, round_constant), 0xff);
  key = _mm_xor_si128(key, _mm_slli_si128(key, 4));
  key = _mm_xor_si128(key, _mm_slli_si128(key, 8));
  return _mm_xor_si128(key, assist);
}

CAUSEWAY_INLINE Schedule schedule(Block key) {
  Schedule s;
  s.round[0] = _mm_load_si128(reinterpret_cast<const __m128i*>(&key));
  s.round[1] = next_round_key<0x01>(s.round[0]);
  s.round[2] = next_round_key<0x02>(s.round[1]);
  s.round[3] = next_round_key<0x04>(s.round[2]);
  s.round[4] = next_round_key<0x08>(s.round[3]);
  s.round[5] = next_round_key<0x10>(s.round[4]);
  s.round[6] = next_round_key<0x20>(s.round[5]);
  s.round[7] = next_round_key<0x40>(s.round[6]);
  s.round[8] = next_round_key<0x80>(s.round[7]);
  s.round[9] = next_round_key<0x1b>(s.round[8]);
  s.round[10] = next_round_key<0x36>(s.round[9]);
  return s;
}

}  // namespace aesni
}  // namespace
}  // namespace causeway
