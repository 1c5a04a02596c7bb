/**
 * The arithmetic of the silent VOLE that exists once for each CPU class: trees and code. All classes give the same
 * bytes, in constant time.
 */
#pragma once

#include "block/form.h"
#include "block/kernel.h"
#include "vole/code.h"

namespace causeway::vole {

/** The code on `width` vectors at once, which lie side by side: element i of vector v is x[width * i + v]. */
struct CodeKernel {
  /**
   * A part of the first pass.
   * @param x elements `from` to `from + count` of the noisy vectors; both multiples of 4.
   * @param sums `width` running sums, zero at the start of a vector.
   * @param out N * width blocks, filled by slot[0].
   */
  void (*first)(const CodeTables& code, const Block* x, std::size_t from, std::size_t count, Block* sums, Block* out);
  /** The second pass: from what `first` filled, to blocks filled by slot[1]. */
  void (*second)(const CodeTables& code, const Block* x, Block* out);
  /** The last step: k outputs of each vector, one vector after the other. */
  void (*compress)(const CodeTables& code, const Block* x, Block* out);
};

struct VoleKernel {
  const BlockKernel* blocks;

  /**
   * A GGM tree: the children of a node are its MMO under keys[0] (left) and keys[1] (right).
   * @param leaves 2^depth blocks.
   * @param sums for each level, the sum of its left and that of its right nodes: 2 * depth blocks.
   */
  void (*grow_tree)(Block* leaves, unsigned depth, Block root, const Block* keys, Block* sums);
  /**
   * The same tree without its root: all leaves but one.
   * @param missing the leaf that stays unknown; zero takes its place. Its path is what addresses here depend on: it is
   *   R's own, in R's own memory.
   * @param opened for each level, the sum of its nodes on the side that the path does not take.
   * @returns the sum of the known leaves.
   */
  Block (*grow_punctured_tree)(Block* leaves, unsigned depth, std::size_t missing, const Block* keys,
                               const Block* opened);

  /** By form, then by width - 1: S has one vector, R two. */
  CodeKernel codes[2][2];

  const CodeKernel& code(Form form, std::size_t width) const { return codes[form == Form::low][width - 1]; }
};

/** The table of a class that this processor has. */
const VoleKernel& vole_kernel(CpuClass cpu_class);

extern const VoleKernel vole_kernel_portable;
extern const VoleKernel vole_kernel_avx2;
extern const VoleKernel vole_kernel_ifma;

}  // namespace causeway::vole
