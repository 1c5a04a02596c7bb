/** The functions of an OkvsKernel, written once over a CPU class (block/portable.h) and a form. */
#pragma once
#include "block/block.h"
#include "okvs/okvs.h"
#include "secret/wipe.h"

namespace causeway::okvs {
namespace {

template <class C>
CAUSEWAY_INLINE typename C::Vec product(typename C::Vec a, typename C::Vec b) {
  typename C::Sum sum = C::no_sum();
  C::multiply_add(sum, a, b);
  return C::reduce(sum);
}

/** Values and all vectors in GF(2^128). */
template <class C>
struct FastField {
  using Vec = typename C::Vec;
  using Factor = typename C::Vec;
  static constexpr Form form = Form::fast;

  CAUSEWAY_INLINE static Factor factor(const Block* from) { return C::load(from); }
  CAUSEWAY_INLINE static Vec times(Vec x, Factor f) { return product<C>(x, f); }
  /** x f + y g, reduced once. */
  CAUSEWAY_INLINE static Vec times_two(Vec x, Factor f, Vec y, Factor g) {
    typename C::Sum sum = C::no_sum();
    C::multiply_add(sum, x, f);
    C::multiply_add(sum, y, g);
    return C::reduce(sum);
  }
  static constexpr Block element(Block hash) { return hash; }
};

/** Values in GF(2^64), in the low halves of blocks; vectors in GF(2^64)^2. */
template <class C>
struct LowField {
  using Vec = typename C::Vec;
  using Factor = typename C::Labels;
  static constexpr Form form = Form::low;

  CAUSEWAY_INLINE static Factor factor(const Block* from) {
    std::uint64_t low[C::lanes];
    for (std::size_t i = 0; i < C::lanes; i++) low[i] = from[i].lo;
    return C::load_labels(low);
  }
  CAUSEWAY_INLINE static Vec times(Vec x, Factor f) { return C::multiply64(x, f); }
  CAUSEWAY_INLINE static Vec times_two(Vec x, Factor f, Vec y, Factor g) {
    return C::exclusive_or(times(x, f), times(y, g));
  }
  static constexpr Block element(Block hash) { return {hash.lo, 0}; }
};

template <class C, template <class> class FieldOf>
struct OkvsFunctions {
  using Field = FieldOf<C>;
  using Vec = typename C::Vec;
  using Schedule = typename C::Schedule;

  /** Keys that are hashed, looked up and multiplied together: their columns are on the way while others are done. */
  static constexpr std::size_t batch = 32;
  static_assert(batch % C::aes_batch == 0 && batch % C::lanes == 0);

  static void rows(Row* out, const Block* keys, std::size_t count, Block row_key) {
    const Schedule schedule = C::schedule(row_key);
    for (std::size_t i = 0; i < count; i += batch) {
      const std::size_t n = count - i < batch ? count - i : batch;
      Block hashes[batch];
      hash(hashes, keys + i, n, schedule);
      for (std::size_t j = 0; j < n; j++) out[i + j] = row_of(hashes[j]);
    }
  }

  static void elements(Block* out, const Block* keys, std::size_t count, Block key) {
    const Schedule schedule = C::schedule(key);
    for (std::size_t i = 0; i < count; i += batch) {
      const std::size_t n = count - i < batch ? count - i : batch;
      Block hashes[batch];
      hash(hashes, keys + i, n, schedule);
      for (std::size_t j = 0; j < n; j++) out[i + j] = Field::element(hashes[j]);
    }
  }

  static void add_dense(Block* values, const Block* dense, std::size_t count, const Block* p) {
    for (std::size_t i = 0; i < count; i += C::lanes) {
      C::store(values + i, C::exclusive_or(C::load(values + i), horner(p, Field::factor(dense + i))));
    }
  }

  static void decode(Block* out, const Block* keys, std::size_t count, const Block* columns, const HashKeys& keys_of) {
    decode_any<false>(out, keys, count, columns, keys_of, Block{0, 0});
  }

  static void decode_and_add(Block* out, const Block* keys, std::size_t count, const Block* columns,
                             const HashKeys& keys_of, Block delta) {
    decode_any<true>(out, keys, count, columns, keys_of, delta);
  }

  static Block multiply(Block a, Block b) {
    Block x[C::lanes] = {a}, factor[C::lanes] = {b};
    C::store(x, Field::times(C::load(x), Field::factor(factor)));
    return x[0];
  }

  static void scale(Block* out, const Block* w, std::size_t count, Block delta) {
    const Vec all = C::broadcast(delta);
    for (std::size_t i = 0; i < count; i += C::lanes) C::store(out + i, Field::times(all, Field::factor(w + i)));
  }

  static constexpr OkvsKernel table() {
    return {Field::form, rows, elements, add_dense, decode, decode_and_add, multiply, scale};
  }

 private:
  using Factor = typename Field::Factor;

  /** What is known of a batch before its columns are read. */
  struct Prepared {
    Row rows[batch];
    Block dense[batch];
    Block targets[batch];
  };

  template <bool adds>
  static void decode_any(Block* out, const Block* keys, std::size_t count, const Block* columns,
                         const HashKeys& keys_of, Block delta) {
    const Schedule row = C::schedule(keys_of.row), dense = C::schedule(keys_of.dense),
                   value = C::schedule(keys_of.value);
    const Vec all_delta = C::broadcast(delta);
    Block sums[batch];
    const auto prepare = [&](Prepared& to, std::size_t i) {
      const std::size_t n = count - i < batch ? count - i : batch;
      Block hashes[batch];
      hash(hashes, keys + i, n, row);
      for (std::size_t j = 0; j < batch; j++) {
        to.rows[j] = row_of(hashes[j]);
        for (std::uint16_t c : to.rows[j].column) __builtin_prefetch(columns + c);
      }
      hash(to.dense, keys + i, n, dense);
      if (adds) hash(to.targets, keys + i, n, value);
    };
    const auto finish = [&](const Prepared& from, std::size_t i) {
      const std::size_t n = count - i < batch ? count - i : batch;
      for (std::size_t j = 0; j < batch; j++) sums[j] = sparse_sum(columns, from.rows[j]);
      for (std::size_t j = 0; j < batch; j += C::lanes) {
        const Vec v =
            C::exclusive_or(C::load(sums + j), adds ? horner_and(columns + sparse_count, from, j, all_delta)
                                                    : horner(columns + sparse_count, Field::factor(from.dense + j)));
        C::store(sums + j, v);
      }
      std::memcpy(out + i, sums, n * sizeof(Block));
    };
    if (count == 0) return;
    Prepared prepared[2];
    prepare(prepared[0], 0);
    for (std::size_t i = 0, turn = 0; i < count; i += batch, turn ^= 1) {
      if (i + batch < count) prepare(prepared[turn ^ 1], i + batch);
      finish(prepared[turn], i);
    }
    wipe(sums, sizeof sums);
    wipe(prepared, sizeof prepared);
  }

  /** p[0] k + p[1] k^2 + p[2] k^3. */
  CAUSEWAY_INLINE static Vec horner(const Block* p, Factor k) { return Field::times(inner(p, k), k); }

  /** The same, and delta times a target. */
  CAUSEWAY_INLINE static Vec horner_and(const Block* p, const Prepared& from, std::size_t i, Vec delta) {
    const Factor k = Field::factor(from.dense + i);
    return Field::times_two(inner(p, k), k, delta, Field::factor(from.targets + i));
  }

  /** p[0] + p[1] k + p[2] k^2. */
  CAUSEWAY_INLINE static Vec inner(const Block* p, Factor k) {
    const Vec first = C::exclusive_or(Field::times(C::broadcast(p[2]), k), C::broadcast(p[1]));
    return C::exclusive_or(Field::times(first, k), C::broadcast(p[0]));
  }

  CAUSEWAY_INLINE static Block sparse_sum(const Block* columns, const Row& row) {
    return columns[row.column[0]] ^ columns[row.column[1]] ^ columns[row.column[2]];
  }

  /** A batch of MMO hashes; keys that are missing at the end are taken as zero. */
  CAUSEWAY_INLINE static void hash(Block* out, const Block* keys, std::size_t n, const Schedule& schedule) {
    Block padded[batch] = {};
    if (n < batch) {
      std::memcpy(padded, keys, n * sizeof(Block));
      keys = padded;
    }
    for (std::size_t j = 0; j < batch; j += C::aes_batch) C::mmo(schedule, out + j, keys + j);
  }

  /**
   * Three distinct columns, each of them uniform among those that are left up to a relative bias of 2^-17: four random
   * words of 32 bits, each times a range, its high half.
   */
  CAUSEWAY_INLINE static Row row_of(Block h) {
    const auto below = [](std::uint64_t word, std::uint64_t range) {
      return static_cast<std::uint32_t>((word * range) >> 32);
    };
    const std::uint32_t a = below(h.lo & 0xffffffff, sparse_count);
    std::uint32_t b = below(h.lo >> 32, sparse_count - 1);
    b += b >= a;
    std::uint32_t c = below(h.hi & 0xffffffff, sparse_count - 2);
    c += c >= (a < b ? a : b);
    c += c >= (a < b ? b : a);
    return {{static_cast<std::uint16_t>(a), static_cast<std::uint16_t>(b), static_cast<std::uint16_t>(c)}, 0};
  }
};

template <class C>
constexpr OkvsKernel okvs_table(Form form) {
  return form == Form::fast ? OkvsFunctions<C, FastField>::table() : OkvsFunctions<C, LowField>::table();
}

}  // namespace
}  // namespace causeway::okvs
