/**
 * Operations on arrays of blocks, one table of functions for each CPU class; all classes give the same bytes, in
 * constant time. Code that works between loads and stores is a template over the class instead (portable.h says what a
 * class offers).
 */
#pragma once
#include "block/block.h"
#include "cpu/cpu-class.h"

namespace causeway {

/** The names follow "Better Concrete Security for Half-Gates Garbling", Guo, Katz, Wang, Yu (S&P 2020). `out` may be an
 * input. */
struct BlockKernel {
  CpuClass cpu_class;

  /** out[i] = AES_key(in[i]). */
  void (*encrypt)(Block* out, const Block* in, std::size_t count, Block key);
  /** out[i] = MMO_key(in[i]) = AES_key(in[i]) ^ in[i]. */
  void (*mmo)(Block* out, const Block* in, std::size_t count, Block key);
  /** out[i] = TMMO_key(in[i], tweak[i]) = AES_key(AES_key(in[i]) ^ tweak[i]) ^ AES_key(in[i]). */
  void (*tmmo)(Block* out, const Block* in, const Block* tweak, std::size_t count, Block key);
  /** out[i] = AES_key(first + i), the sum taken in the low half alone. */
  void (*stream)(Block* out, std::size_t count, Block key, Block first);

  /** out[i] = a[i] * b[i] in GF(2^128). */
  void (*multiply)(Block* out, const Block* a, const Block* b, std::size_t count);
  /** The sum of a[i] * b[i] in GF(2^128). */
  Block (*inner_product)(const Block* a, const Block* b, std::size_t count);
  /** out[i] = a[i] * factor in GF(2^128). */
  void (*multiply_by)(Block* out, const Block* a, Block factor, std::size_t count);
  /** out[i] = x[i] * labels[i] in GF(2^128), a label being a polynomial of degree below 64. */
  void (*multiply_by_labels)(Block* out, const Block* x, const std::uint64_t* labels, std::size_t count);
  /** out[i] = both halves of x[i], each times factors[i] in GF(2^64). */
  void (*multiply64)(Block* out, const Block* x, const std::uint64_t* factors, std::size_t count);

  /**
   * Transposes 128 columns of `count` bits each into rows: bit i of out[j] is bit j of column i.
   * @param columns column i begins at columns + i * stride; its bits are packed, the lowest first.
   * @param count a multiple of 128. `out` must not overlap the columns.
   */
  void (*transpose)(Block* out, const Block* columns, std::size_t stride, std::size_t count);
};

/** The table of a class that this processor has. */
const BlockKernel& block_kernel(CpuClass cpu_class);

extern const BlockKernel block_kernel_portable;
extern const BlockKernel block_kernel_avx2;
extern const BlockKernel block_kernel_ifma;

}  // namespace causeway
