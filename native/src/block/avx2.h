/**
 * The class `avx2`: AES-NI and PCLMULQDQ, one block to a register. Only for files named *.avx2.cc; the names are those
 * of portable.h.
 */
#pragma once
#include "block/aes-ni.h"
#include "cpu/cpu-class.h"

namespace causeway {
namespace {

struct Avx2 {
  static constexpr CpuClass cpu_class = CpuClass::avx2;

  using Schedule = aesni::Schedule;
  static constexpr std::size_t aes_batch = 8;

  CAUSEWAY_INLINE static Schedule schedule(Block key) { return aesni::schedule(key); }

  CAUSEWAY_INLINE static void encrypt(const Schedule& s, Block* out, const Block* in) {
    Vec x[aes_batch];
    for (std::size_t i = 0; i < aes_batch; i++) x[i] = load(in + i);
    rounds(s, x);
    for (std::size_t i = 0; i < aes_batch; i++) store(out + i, x[i]);
  }

  CAUSEWAY_INLINE static void mmo(const Schedule& s, Block* out, const Block* in) {
    Vec x[aes_batch];
    for (std::size_t i = 0; i < aes_batch; i++) x[i] = load(in + i);
    rounds(s, x);
    for (std::size_t i = 0; i < aes_batch; i++) store(out + i, exclusive_or(x[i], load(in + i)));
  }

  CAUSEWAY_INLINE static void tmmo(const Schedule& s, Block* out, const Block* in, const Block* tweak) {
    Vec once[aes_batch], x[aes_batch];
    for (std::size_t i = 0; i < aes_batch; i++) once[i] = load(in + i);
    rounds(s, once);
    for (std::size_t i = 0; i < aes_batch; i++) x[i] = exclusive_or(once[i], load(tweak + i));
    rounds(s, x);
    for (std::size_t i = 0; i < aes_batch; i++) store(out + i, exclusive_or(x[i], once[i]));
  }

  using Vec = __m128i;
  using Labels = __m128i;  // the label is the low half
  static constexpr std::size_t lanes = 1;

  CAUSEWAY_INLINE static Vec load(const Block* from) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from)); }
  CAUSEWAY_INLINE static void store(Block* to, Vec v) { _mm_storeu_si128(reinterpret_cast<__m128i*>(to), v); }
  CAUSEWAY_INLINE static void store_interleaved(Block* to, Vec a, Vec b) {
    store(to, a);
    store(to + 1, b);
  }
  CAUSEWAY_INLINE static Labels load_labels(const std::uint64_t* from) {
    return _mm_loadl_epi64(reinterpret_cast<const __m128i*>(from));
  }
  CAUSEWAY_INLINE static Vec broadcast(Block b) { return load(&b); }
  CAUSEWAY_INLINE static Vec exclusive_or(Vec a, Vec b) { return _mm_xor_si128(a, b); }
  CAUSEWAY_INLINE static Block fold(Vec v) {
    Block b;
    store(&b, v);
    return b;
  }

  struct Sum {
    Vec lo, mid, hi;
  };
  CAUSEWAY_INLINE static Sum no_sum() { return {_mm_setzero_si128(), _mm_setzero_si128(), _mm_setzero_si128()}; }
  CAUSEWAY_INLINE static void multiply_add(Sum& sum, Vec a, Vec b) {
    sum.lo = exclusive_or(sum.lo, _mm_clmulepi64_si128(a, b, 0x00));
    sum.hi = exclusive_or(sum.hi, _mm_clmulepi64_si128(a, b, 0x11));
    const Vec cross = exclusive_or(_mm_clmulepi64_si128(a, b, 0x01), _mm_clmulepi64_si128(a, b, 0x10));
    sum.mid = exclusive_or(sum.mid, cross);
  }
  CAUSEWAY_INLINE static Vec reduce(const Sum& sum) {
    Vec lo = exclusive_or(sum.lo, _mm_slli_si128(sum.mid, 8));
    Vec hi = exclusive_or(sum.hi, _mm_srli_si128(sum.mid, 8));
    const Vec top = _mm_clmulepi64_si128(hi, x128(), 0x01);  // bits 192.. fold to bits 64..
    lo = exclusive_or(lo, _mm_slli_si128(top, 8));
    hi = exclusive_or(hi, _mm_srli_si128(top, 8));
    return exclusive_or(lo, _mm_clmulepi64_si128(hi, x128(), 0x00));
  }
  CAUSEWAY_INLINE static Vec multiply_by_label(Vec x, Labels e) {
    const Vec lo = _mm_clmulepi64_si128(x, e, 0x00), hi = _mm_clmulepi64_si128(x, e, 0x01);
    return exclusive_or(exclusive_or(lo, _mm_slli_si128(hi, 8)), _mm_clmulepi64_si128(hi, x128(), 0x01));
  }
  CAUSEWAY_INLINE static Vec multiply64(Vec x, Labels e) {
    const Vec a = reduce64(_mm_clmulepi64_si128(x, e, 0x00)), b = reduce64(_mm_clmulepi64_si128(x, e, 0x01));
    return _mm_unpacklo_epi64(a, b);
  }

 private:
  template <std::size_t n>
  CAUSEWAY_INLINE static void rounds(const Schedule& s, Vec (&x)[n]) {
    for (Vec& v : x) v = exclusive_or(v, s.round[0]);
    for (int round = 1; round < 10; round++)
      for (Vec& v : x) v = _mm_aesenc_si128(v, s.round[round]);
    for (Vec& v : x) v = _mm_aesenclast_si128(v, s.round[10]);
  }

  /** x^128 mod x^128 + x^7 + x^2 + x + 1. */
  CAUSEWAY_INLINE static Vec x128() { return _mm_set_epi64x(0, 0x87); }

  /** A product of degree below 127 mod x^64 + x^4 + x^3 + x + 1, in the low half. */
  CAUSEWAY_INLINE static Vec reduce64(Vec product) {
    const Vec x64 = _mm_set_epi64x(0, 0x1b);
    const Vec folded = _mm_clmulepi64_si128(product, x64, 0x01);  // degree below 68: at most four bits run over
    return exclusive_or(exclusive_or(product, folded), _mm_clmulepi64_si128(folded, x64, 0x01));
  }
};

}  // namespace
}  // namespace causeway
