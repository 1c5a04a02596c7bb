/**
 * The class `portable`, in plain C++. What follows is what code over a class may ask of it; `Avx2` and `Ifma` offer the
 * same names. All of it is constant time.
 * - cpu_class: its name.
 * - Schedule, schedule(key): AES-128 round keys.
 * - encrypt, mmo, tmmo: of `aes_batch` blocks in memory; `out` may be an input.
 * - Vec: a register of `lanes` blocks. load, store: at any address. store_interleaved: a_0, b_0, a_1, b_1, …
 * - exclusive_or, broadcast, fold: fold is the XOR of a register's lanes.
 * - Sum, no_sum, multiply_add, reduce: sums of products in GF(2^128), reduced once.
 * - Labels, load_labels: a polynomial of degree below 64 for each lane.
 * - multiply_by_label: in GF(2^128). multiply64: in GF(2^64)^2 over GF(2^64), both coordinates of a lane by its label.
 */
#pragma once
#include "block/aes-bitsliced.h"
#include "block/field-portable.h"
#include "cpu/cpu-class.h"

namespace causeway {
namespace {

struct Portable {
  static constexpr CpuClass cpu_class = CpuClass::portable;

  using Schedule = bitsliced::Schedule;
  static constexpr std::size_t aes_batch = bitsliced::blocks_at_a_time;

  static Schedule schedule(Block key) { return bitsliced::schedule(key); }

  static void encrypt(const Schedule& s, Block* out, const Block* in) { bitsliced::encrypt(s, out, in); }

  static void mmo(const Schedule& s, Block* out, const Block* in) {
    Block y[aes_batch];
    encrypt(s, y, in);
    for (std::size_t i = 0; i < aes_batch; i++) out[i] = y[i] ^ in[i];
  }

  static void tmmo(const Schedule& s, Block* out, const Block* in, const Block* tweak) {
    Block once[aes_batch], twice[aes_batch];
    encrypt(s, once, in);
    for (std::size_t i = 0; i < aes_batch; i++) twice[i] = once[i] ^ tweak[i];
    encrypt(s, twice, twice);
    for (std::size_t i = 0; i < aes_batch; i++) out[i] = once[i] ^ twice[i];
  }

  using Vec = Block;
  using Labels = std::uint64_t;
  static constexpr std::size_t lanes = 1;

  CAUSEWAY_INLINE static Vec load(const Block* from) { return *from; }
  CAUSEWAY_INLINE static void store(Block* to, Vec v) { *to = v; }
  CAUSEWAY_INLINE static void store_interleaved(Block* to, Vec a, Vec b) {
    to[0] = a;
    to[1] = b;
  }
  CAUSEWAY_INLINE static Labels load_labels(const std::uint64_t* from) { return *from; }
  CAUSEWAY_INLINE static Vec broadcast(Block b) { return b; }
  CAUSEWAY_INLINE static Vec exclusive_or(Vec a, Vec b) { return a ^ b; }
  CAUSEWAY_INLINE static Block fold(Vec v) { return v; }

  using Sum = portable::Sum;
  CAUSEWAY_INLINE static Sum no_sum() { return {0, 0, 0}; }
  CAUSEWAY_INLINE static void multiply_add(Sum& sum, Vec a, Vec b) { portable::multiply_add(sum, a, b); }
  CAUSEWAY_INLINE static Vec reduce(const Sum& sum) { return portable::reduce(sum); }
  CAUSEWAY_INLINE static Vec multiply_by_label(Vec x, Labels e) { return portable::multiply_by_label(x, e); }
  CAUSEWAY_INLINE static Vec multiply64(Vec x, Labels e) {
    return {portable::multiply64(x.lo, e), portable::multiply64(x.hi, e)};
  }
};

}  // namespace
}  // namespace causeway
