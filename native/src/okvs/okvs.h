/**
 * An oblivious key-value store for one bin: Rindal and Raghuraman, "Blazing Fast PSI from Improved OKVS and Subfield
 * VOLE" (CCS 2022, "RR22"), section 2, with sparse rows of weight 3 and field rows for the dense part. A store is a
 * vector P with Dec(P, u) = H(u) for the keys u that it was made of, and nothing to tell of any other key.
 *
 *   Dec(P, u) = P[a] + P[b] + P[c] + P[m'] k + P[m' + 1] k^2 + P[m' + 2] k^3
 *
 * with a row (a, b, c) of three distinct sparse columns below m', and a dense key k, both hashed from u under keys of
 * their own.
 */
#pragma once
#include "block/form.h"
#include "block/kernel.h"

namespace causeway::okvs {

/** m: columns of a bin, the dense ones last. Fixed for any number of keys, so that a store does not tell theirs. */
constexpr std::size_t column_count = 20480;
/** RR22's g: as many rows as the sparse part may fail to place. */
constexpr std::size_t dense_count = 3;
/** m'. */
constexpr std::size_t sparse_count = column_count - dense_count;
/** Keys of a bin; an average bin has 15,256. */
constexpr std::size_t key_count_max = 16384;

/** The sparse columns of a key. */
struct Row {
  std::uint16_t column[3];
  std::uint16_t unused;
};

/** Public keys of a run: K("row"), K("dense") and K("value"). */
struct HashKeys {
  Block row;
  Block dense;
  Block value;
};

/**
 * The work on many keys, one table of functions for each CPU class and form. In the form `low` stores, values and dense
 * keys are elements of GF(2^64) in the low halves of their blocks, and the vectors that are decoded are of
 * GF(2^64)^2.
 */
struct OkvsKernel {
  Form form;

  void (*rows)(Row* out, const Block* keys, std::size_t count, Block row_key);
  /** H(u) under the value key, and k under the dense key. */
  void (*elements)(Block* out, const Block* keys, std::size_t count, Block key);
  /** values[i] ^= p[0] k + p[1] k^2 + p[2] k^3 with k = dense[i]. Both have room for a multiple of 4. */
  void (*add_dense)(Block* values, const Block* dense, std::size_t count, const Block* p);
  /** out[i] = Dec(columns, keys[i]). Addresses depend on the keys, nothing depends on the columns. */
  void (*decode)(Block* out, const Block* keys, std::size_t count, const Block* columns, const HashKeys& hash);
  /** out[i] = Dec(columns, keys[i]) + delta H(keys[i]). */
  void (*decode_and_add)(Block* out, const Block* keys, std::size_t count, const Block* columns, const HashKeys& hash,
                         Block delta);
  /** In the values' field. */
  Block (*multiply)(Block a, Block b);
  /** out[i] = delta w[i], for values w; count is a multiple of 4. */
  void (*scale)(Block* out, const Block* w, std::size_t count, Block delta);
};

/** The table of a class that this processor has. */
const OkvsKernel& okvs_kernel(CpuClass cpu_class, Form form);

extern const OkvsKernel okvs_kernels_portable[2];
extern const OkvsKernel okvs_kernels_avx2[2];
extern const OkvsKernel okvs_kernels_ifma[2];

}  // namespace causeway::okvs
