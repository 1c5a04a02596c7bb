/**
 * The class `ifma`: VAES and VPCLMULQDQ, four blocks to a register. Only for files named *.ifma.cc; the names are those
 * of portable.h.
 */
#pragma once
#include "block/aes-ni.h"
#include "cpu/cpu-class.h"

namespace causeway {
namespace {

struct Ifma {
  static constexpr CpuClass cpu_class = CpuClass::ifma;

  using Schedule = aesni::Schedule;
  static constexpr std::size_t aes_batch = 16;

  CAUSEWAY_INLINE static Schedule schedule(Block key) { return aesni::schedule(key); }

  CAUSEWAY_INLINE static void encrypt(const Schedule& s, Block* out, const Block* in) {
    Vec x[registers];
    for (std::size_t i = 0; i < registers; i++) x[i] = load(in + lanes * i);
    rounds(s, x);
    for (std::size_t i = 0; i < registers; i++) store(out + lanes * i, x[i]);
  }

  CAUSEWAY_INLINE static void mmo(const Schedule& s, Block* out, const Block* in) {
    Vec x[registers], y[registers];
    for (std::size_t i = 0; i < registers; i++) y[i] = x[i] = load(in + lanes * i);
    rounds(s, y);
    for (std::size_t i = 0; i < registers; i++) store(out + lanes * i, exclusive_or(x[i], y[i]));
  }

  CAUSEWAY_INLINE static void tmmo(const Schedule& s, Block* out, const Block* in, const Block* tweak) {
    Vec once[registers], x[registers];
    for (std::size_t i = 0; i < registers; i++) once[i] = load(in + lanes * i);
    rounds(s, once);
    for (std::size_t i = 0; i < registers; i++) x[i] = exclusive_or(once[i], load(tweak + lanes * i));
    rounds(s, x);
    for (std::size_t i = 0; i < registers; i++) store(out + lanes * i, exclusive_or(x[i], once[i]));
  }

  using Vec = __m512i;
  using Labels = __m512i;  // a label is the low half of its lane
  static constexpr std::size_t lanes = 4;

  CAUSEWAY_INLINE static Vec load(const Block* from) { return _mm512_loadu_si512(from); }
  CAUSEWAY_INLINE static void store(Block* to, Vec v) { _mm512_storeu_si512(to, v); }
  CAUSEWAY_INLINE static void store_interleaved(Block* to, Vec a, Vec b) {
    store(to, _mm512_permutex2var_epi64(a, _mm512_setr_epi64(0, 1, 8, 9, 2, 3, 10, 11), b));
    store(to + lanes, _mm512_permutex2var_epi64(a, _mm512_setr_epi64(4, 5, 12, 13, 6, 7, 14, 15), b));
  }
  CAUSEWAY_INLINE static Labels load_labels(const std::uint64_t* from) {
    const __m256i four = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
    return _mm512_permutexvar_epi64(_mm512_setr_epi64(0, 0, 1, 1, 2, 2, 3, 3), _mm512_castsi256_si512(four));
  }
  CAUSEWAY_INLINE static Vec broadcast(Block b) {
    return _mm512_broadcast_i32x4(_mm_load_si128(reinterpret_cast<const __m128i*>(&b)));
  }
  CAUSEWAY_INLINE static Vec exclusive_or(Vec a, Vec b) { return _mm512_xor_si512(a, b); }
  CAUSEWAY_INLINE static Block fold(Vec v) {
    const __m256i half = _mm256_xor_si256(_mm512_castsi512_si256(v), _mm512_extracti64x4_epi64(v, 1));
    Block b;
    _mm_store_si128(reinterpret_cast<__m128i*>(&b),
                    _mm_xor_si128(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1)));
    return b;
  }

  struct Sum {
    Vec lo, mid, hi;
  };
  CAUSEWAY_INLINE static Sum no_sum() {
    return {_mm512_setzero_si512(), _mm512_setzero_si512(), _mm512_setzero_si512()};
  }
  CAUSEWAY_INLINE static void multiply_add(Sum& sum, Vec a, Vec b) {
    sum.lo = exclusive_or(sum.lo, _mm512_clmulepi64_epi128(a, b, 0x00));
    sum.hi = exclusive_or(sum.hi, _mm512_clmulepi64_epi128(a, b, 0x11));
    sum.mid = exclusive_or3(sum.mid, _mm512_clmulepi64_epi128(a, b, 0x01), _mm512_clmulepi64_epi128(a, b, 0x10));
  }
  CAUSEWAY_INLINE static Vec reduce(const Sum& sum) {
    const Vec hi = exclusive_or(sum.hi, _mm512_bsrli_epi128(sum.mid, 8));
    const Vec top = _mm512_clmulepi64_epi128(hi, x128(), 0x01);  // bits 192.. fold to bits 64..
    const Vec low = exclusive_or3(sum.lo, _mm512_bslli_epi128(sum.mid, 8), _mm512_bslli_epi128(top, 8));
    const Vec next = exclusive_or(hi, _mm512_bsrli_epi128(top, 8));
    return exclusive_or(low, _mm512_clmulepi64_epi128(next, x128(), 0x00));
  }
  CAUSEWAY_INLINE static Vec multiply_by_label(Vec x, Labels e) {
    const Vec lo = _mm512_clmulepi64_epi128(x, e, 0x00), hi = _mm512_clmulepi64_epi128(x, e, 0x01);
    return exclusive_or3(lo, _mm512_bslli_epi128(hi, 8), _mm512_clmulepi64_epi128(hi, x128(), 0x01));
  }
  CAUSEWAY_INLINE static Vec multiply64(Vec x, Labels e) {
    const Vec a = reduce64(_mm512_clmulepi64_epi128(x, e, 0x00)), b = reduce64(_mm512_clmulepi64_epi128(x, e, 0x01));
    return _mm512_unpacklo_epi64(a, b);
  }

 private:
  static constexpr std::size_t registers = aes_batch / lanes;

  template <std::size_t n>
  CAUSEWAY_INLINE static void rounds(const Schedule& s, Vec (&x)[n]) {
    for (Vec& v : x) v = exclusive_or(v, _mm512_broadcast_i32x4(s.round[0]));
    for (int round = 1; round < 10; round++) {
      const Vec key = _mm512_broadcast_i32x4(s.round[round]);
      for (Vec& v : x) v = _mm512_aesenc_epi128(v, key);
    }
    for (Vec& v : x) v = _mm512_aesenclast_epi128(v, _mm512_broadcast_i32x4(s.round[10]));
  }

  CAUSEWAY_INLINE static Vec exclusive_or3(Vec a, Vec b, Vec c) { return _mm512_ternarylogic_epi64(a, b, c, 0x96); }

  /** x^128 mod x^128 + x^7 + x^2 + x + 1. */
  CAUSEWAY_INLINE static Vec x128() { return _mm512_set1_epi64(0x87); }

  /** Products of degree below 127 mod x^64 + x^4 + x^3 + x + 1, in the low halves. */
  CAUSEWAY_INLINE static Vec reduce64(Vec product) {
    const Vec x64 = _mm512_set1_epi64(0x1b);
    const Vec folded = _mm512_clmulepi64_epi128(product, x64, 0x01);  // degree below 68: at most four bits run over
    return exclusive_or3(product, folded, _mm512_clmulepi64_epi128(folded, x64, 0x01));
  }
};

}  // namespace
}  // namespace causeway
