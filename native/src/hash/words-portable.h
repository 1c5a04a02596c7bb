/** Words of one message, for SHA-2. In an anonymous namespace: this code must not stand in for that of another class.
 */
#pragma once

#include <cstddef>
#include <cstdint>

#include "cpu/inline.h"

namespace causeway {
namespace {

template <class Integer>
struct Words {
  static constexpr std::size_t bytes = sizeof(Integer);
  static constexpr std::size_t lanes = 1;

  Integer value;

  static CAUSEWAY_INLINE Words of(Integer value) { return {value}; }
  /** The word at `data`, big-endian. */
  static CAUSEWAY_INLINE Words load(const std::uint8_t* data, std::size_t) {
    Integer value = 0;
    CAUSEWAY_UNROLL for (std::size_t i = 0; i < bytes; i++) value = static_cast<Integer>(value << 8 | data[i]);
    return {value};
  }
  /** The other way, into one word for each lane. */
  CAUSEWAY_INLINE void store(Integer* lane) const { *lane = value; }
  template <int count>
  CAUSEWAY_INLINE Words rotated() const {
    return {value >> count | value << (8 * bytes - count)};
  }
  template <int count>
  CAUSEWAY_INLINE Words shifted() const {
    return {value >> count};
  }
  friend CAUSEWAY_INLINE Words operator+(Words a, Words b) { return {a.value + b.value}; }
};

using Words32 = Words<std::uint32_t>;
using Words64 = Words<std::uint64_t>;

template <class Integer>
CAUSEWAY_INLINE Words<Integer> xor3(Words<Integer> a, Words<Integer> b, Words<Integer> c) {
  return {a.value ^ b.value ^ c.value};
}
template <class Integer>
CAUSEWAY_INLINE Words<Integer> choice(Words<Integer> a, Words<Integer> b, Words<Integer> c) {
  return {(a.value & (b.value ^ c.value)) ^ c.value};
}
template <class Integer>
CAUSEWAY_INLINE Words<Integer> majority(Words<Integer> a, Words<Integer> b, Words<Integer> c) {
  return {(a.value & b.value) | (c.value & (a.value | b.value))};
}

}  // namespace
}  // namespace causeway
