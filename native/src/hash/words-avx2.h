/**
 * Words of eight messages for SHA-256, or of four for SHA-512, in AVX2 registers. In an anonymous namespace: this code
 * must not stand in for that of another class.
 */
#pragma once

#include <immintrin.h>

#include <cstddef>
#include <cstdint>

#include "cpu/inline.h"

namespace causeway {
namespace {

struct Words32 {
  static constexpr std::size_t bytes = 4;
  static constexpr std::size_t lanes = 8;

  __m256i value;

  static CAUSEWAY_INLINE Words32 of(std::uint32_t value) { return {_mm256_set1_epi32(static_cast<int>(value))}; }
  /** Of each lane the word at `data`, big-endian; lanes are `stride` bytes apart. */
  static CAUSEWAY_INLINE Words32 load(const std::uint8_t* data, std::size_t stride) {
    const __m256i lane = _mm256_set_epi32(7, 6, 5, 4, 3, 2, 1, 0);
    const __m256i offset = _mm256_mullo_epi32(lane, _mm256_set1_epi32(static_cast<int>(stride)));
    const __m256i little = _mm256_i32gather_epi32(reinterpret_cast<const int*>(data), offset, 1);
    const __m256i reversed = _mm256_set1_epi64x(0x0405060700010203);
    const __m256i upper = _mm256_set_epi64x(0x0808080808080808, 0, 0x0808080808080808, 0);
    return {_mm256_shuffle_epi8(little, _mm256_or_si256(reversed, upper))};
  }
  /** Into one word for each lane. */
  CAUSEWAY_INLINE void store(std::uint32_t* lane) const {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(lane), value);
  }
  template <int count>
  CAUSEWAY_INLINE Words32 rotated() const {
    return {_mm256_or_si256(_mm256_srli_epi32(value, count), _mm256_slli_epi32(value, 32 - count))};
  }
  template <int count>
  CAUSEWAY_INLINE Words32 shifted() const {
    return {_mm256_srli_epi32(value, count)};
  }
  friend CAUSEWAY_INLINE Words32 operator+(Words32 a, Words32 b) { return {_mm256_add_epi32(a.value, b.value)}; }
};

struct Words64 {
  static constexpr std::size_t bytes = 8;
  static constexpr std::size_t lanes = 4;

  __m256i value;

  static CAUSEWAY_INLINE Words64 of(std::uint64_t value) { return {_mm256_set1_epi64x(static_cast<long long>(value))}; }
  static CAUSEWAY_INLINE Words64 load(const std::uint8_t* data, std::size_t stride) {
    const long long step = static_cast<long long>(stride);
    const __m256i offset = _mm256_set_epi64x(3 * step, 2 * step, step, 0);
    const __m256i little = _mm256_i64gather_epi64(reinterpret_cast<const long long*>(data), offset, 1);
    const __m256i reversed =
        _mm256_set_epi64x(0x08090a0b0c0d0e0f, 0x0001020304050607, 0x08090a0b0c0d0e0f, 0x0001020304050607);
    return {_mm256_shuffle_epi8(little, reversed)};
  }
  CAUSEWAY_INLINE void store(std::uint64_t* lane) const {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(lane), value);
  }
  template <int count>
  CAUSEWAY_INLINE Words64 rotated() const {
    return {_mm256_or_si256(_mm256_srli_epi64(value, count), _mm256_slli_epi64(value, 64 - count))};
  }
  template <int count>
  CAUSEWAY_INLINE Words64 shifted() const {
    return {_mm256_srli_epi64(value, count)};
  }
  friend CAUSEWAY_INLINE Words64 operator+(Words64 a, Words64 b) { return {_mm256_add_epi64(a.value, b.value)}; }
};

template <class Word>
CAUSEWAY_INLINE Word xor3(Word a, Word b, Word c) {
  return {_mm256_xor_si256(_mm256_xor_si256(a.value, b.value), c.value)};
}
template <class Word>
CAUSEWAY_INLINE Word choice(Word a, Word b, Word c) {
  return {_mm256_xor_si256(_mm256_and_si256(a.value, _mm256_xor_si256(b.value, c.value)), c.value)};
}
template <class Word>
CAUSEWAY_INLINE Word majority(Word a, Word b, Word c) {
  return {_mm256_or_si256(_mm256_and_si256(a.value, b.value),
                          _mm256_and_si256(c.value, _mm256_or_si256(a.value, b.value)))};
}

}  // namespace
}  // namespace causeway
