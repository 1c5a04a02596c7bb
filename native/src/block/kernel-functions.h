/** The functions of a BlockKernel, once over a CPU class (block/portable.h). Each kernel*.cc compiles its own. */
#pragma once
#include "block/kernel.h"
#include "block/transpose.h"
#include "secret/wipe.h"

namespace causeway {
namespace {

/** Calls `full(i)` for whole batches from index i, and `part(i, n)` for the n blocks that are left. */
template <class C, class Full, class Part>
CAUSEWAY_INLINE void in_batches(std::size_t count, std::size_t batch, Full full, Part part) {
  std::size_t i = 0;
  for (; i + batch <= count; i += batch) full(i);
  if (i < count) part(i, count - i);
}

template <class C>
struct KernelFunctions {
  using Schedule = typename C::Schedule;
  using Vec = typename C::Vec;
  static constexpr std::size_t aes_batch = C::aes_batch;

  static void encrypt(Block* out, const Block* in, std::size_t count, Block key) {
    each_batch(out, in, count, key, [](const Schedule& s, Block* to, const Block* from) { C::encrypt(s, to, from); });
  }

  static void mmo(Block* out, const Block* in, std::size_t count, Block key) {
    each_batch(out, in, count, key, [](const Schedule& s, Block* to, const Block* from) { C::mmo(s, to, from); });
  }

  static void tmmo(Block* out, const Block* in, const Block* tweak, std::size_t count, Block key) {
    Schedule s = C::schedule(key);
    in_batches<C>(
        count, aes_batch, [&](std::size_t i) { C::tmmo(s, out + i, in + i, tweak + i); },
        [&](std::size_t i, std::size_t n) {
          Block batch[aes_batch] = {}, tweaks[aes_batch] = {};
          std::memcpy(batch, in + i, n * sizeof(Block));
          std::memcpy(tweaks, tweak + i, n * sizeof(Block));
          C::tmmo(s, batch, batch, tweaks);
          std::memcpy(out + i, batch, n * sizeof(Block));
          wipe(batch, sizeof batch);
        });
    wipe(&s, sizeof s);
  }

  static void stream(Block* out, std::size_t count, Block key, Block first) {
    Schedule s = C::schedule(key);
    const auto fill = [&](Block* to, std::size_t i) {
      for (std::size_t k = 0; k < aes_batch; k++) to[k] = {first.lo + i + k, first.hi};
      C::encrypt(s, to, to);
    };
    in_batches<C>(
        count, aes_batch, [&](std::size_t i) { fill(out + i, i); },
        [&](std::size_t i, std::size_t n) {
          Block batch[aes_batch];
          fill(batch, i);
          std::memcpy(out + i, batch, n * sizeof(Block));
          wipe(batch, sizeof batch);
        });
    wipe(&s, sizeof s);
  }

  CAUSEWAY_INLINE static Vec product(Vec a, Vec b) {
    typename C::Sum sum = C::no_sum();
    C::multiply_add(sum, a, b);
    return C::reduce(sum);
  }

  static void multiply(Block* out, const Block* a, const Block* b, std::size_t count) {
    in_batches<C>(
        count, C::lanes, [&](std::size_t i) { C::store(out + i, product(C::load(a + i), C::load(b + i))); },
        [&](std::size_t i, std::size_t n) {
          Block x[C::lanes] = {}, y[C::lanes] = {};
          std::memcpy(x, a + i, n * sizeof(Block));
          std::memcpy(y, b + i, n * sizeof(Block));
          C::store(x, product(C::load(x), C::load(y)));
          std::memcpy(out + i, x, n * sizeof(Block));
        });
  }

  static Block inner_product(const Block* a, const Block* b, std::size_t count) {
    typename C::Sum sum = C::no_sum();
    in_batches<C>(
        count, C::lanes, [&](std::size_t i) { C::multiply_add(sum, C::load(a + i), C::load(b + i)); },
        [&](std::size_t i, std::size_t n) {
          Block x[C::lanes] = {}, y[C::lanes] = {};
          std::memcpy(x, a + i, n * sizeof(Block));
          std::memcpy(y, b + i, n * sizeof(Block));
          C::multiply_add(sum, C::load(x), C::load(y));
        });
    return C::fold(C::reduce(sum));
  }

  static void multiply_by(Block* out, const Block* a, Block factor, std::size_t count) {
    const Vec all = C::broadcast(factor);
    in_batches<C>(
        count, C::lanes, [&](std::size_t i) { C::store(out + i, product(C::load(a + i), all)); },
        [&](std::size_t i, std::size_t n) {
          Block x[C::lanes] = {};
          std::memcpy(x, a + i, n * sizeof(Block));
          C::store(x, product(C::load(x), all));
          std::memcpy(out + i, x, n * sizeof(Block));
        });
  }

  static void multiply_by_labels(Block* out, const Block* x, const std::uint64_t* labels, std::size_t count) {
    each_times(out, x, labels, count, [](Vec v, typename C::Labels e) { return C::multiply_by_label(v, e); });
  }

  static void multiply64(Block* out, const Block* x, const std::uint64_t* factors, std::size_t count) {
    each_times(out, x, factors, count, [](Vec v, typename C::Labels e) { return C::multiply64(v, e); });
  }

  static void transpose(Block* out, const Block* columns, std::size_t stride, std::size_t count) {
    Block tile[128];
    for (std::size_t t = 0; t < count / 128; t++) {
      for (std::size_t i = 0; i < 128; i++) tile[i] = columns[i * stride + t];
      transpose128<C>(tile);
      std::memcpy(out + 128 * t, tile, sizeof tile);
    }
    wipe(tile, sizeof tile);
  }

  static constexpr BlockKernel table() {
    return {C::cpu_class,       encrypt,    mmo,      tmmo, stream, multiply, inner_product, multiply_by,
            multiply_by_labels, multiply64, transpose};
  }

 private:
  template <class Once>
  CAUSEWAY_INLINE static void each_batch(Block* out, const Block* in, std::size_t count, Block key, Once once) {
    Schedule s = C::schedule(key);
    in_batches<C>(
        count, aes_batch, [&](std::size_t i) { once(s, out + i, in + i); },
        [&](std::size_t i, std::size_t n) {
          Block batch[aes_batch] = {};
          std::memcpy(batch, in + i, n * sizeof(Block));
          once(s, batch, batch);
          std::memcpy(out + i, batch, n * sizeof(Block));
          wipe(batch, sizeof batch);
        });
    wipe(&s, sizeof s);
  }

  template <class Times>
  CAUSEWAY_INLINE static void each_times(Block* out, const Block* x, const std::uint64_t* e, std::size_t count,
                                         Times times) {
    in_batches<C>(
        count, C::lanes, [&](std::size_t i) { C::store(out + i, times(C::load(x + i), C::load_labels(e + i))); },
        [&](std::size_t i, std::size_t n) {
          Block v[C::lanes] = {};
          std::uint64_t factors[C::lanes] = {};
          std::memcpy(v, x + i, n * sizeof(Block));
          std::memcpy(factors, e + i, n * sizeof(std::uint64_t));
          C::store(v, times(C::load(v), C::load_labels(factors)));
          std::memcpy(out + i, v, n * sizeof(Block));
        });
  }
};

}  // namespace
}  // namespace causeway
