/** GGM trees (Goldreich, Goldwasser, Micali 1986), whole and punctured, once over a CPU class (block/portable.h). */
#pragma once

#include "secret/wipe.h"
#include "vole/kernel.h"

namespace causeway::vole {
namespace {

template <class C>
class TreeFunctions {
 public:
  static void grow(Block* leaves, unsigned depth, Block root, const Block* keys, Block* sums) {
    const Schedules schedules = {C::schedule(keys[0]), C::schedule(keys[1])};
    Children children;
    leaves[0] = root;
    for (unsigned level = 0; level < depth; level++) {
      grow_level(schedules, children, leaves, std::size_t{1} << level, sums + 2 * level);
    }
    wipe(&children, sizeof children);
  }

  static Block grow_punctured(Block* leaves, unsigned depth, std::size_t missing, const Block* keys,
                              const Block* opened) {
    const Schedules schedules = {C::schedule(keys[0]), C::schedule(keys[1])};
    Children children;
    leaves[0] = Block{0, 0};
    Block sums[2];
    for (unsigned level = 0; level < depth; level++) {
      grow_level(schedules, children, leaves, std::size_t{1} << level, sums);
      // The node of the path was unknown, so its children are wrong: one is opened by the sum of its side, one stays
      // unknown.
      const std::size_t on_path = missing >> (depth - 1 - level), beside = on_path ^ 1;
      sums[0] ^= leaves[on_path & ~std::size_t{1}];
      sums[1] ^= leaves[on_path | 1];
      leaves[beside] = opened[level] ^ sums[beside & 1];
      leaves[on_path] = Block{0, 0};
      sums[beside & 1] = opened[level];
    }
    const Block known = sums[0] ^ sums[1];
    wipe(&children, sizeof children);
    wipe(sums, sizeof sums);
    return known;
  }

 private:
  static constexpr std::size_t batch = C::aes_batch;

  /** Of `batch` nodes. */
  struct Children {
    Block left[batch], right[batch];
  };

  struct Schedules {
    typename C::Schedule left, right;
  };

  /** In place: nodes 2i and 2i + 1 become the children of node i; the last nodes go first. */
  static void grow_level(const Schedules& schedules, Children& children, Block* nodes, std::size_t count, Block* sums) {
    auto& [left, right] = children;
    if (count < batch) {
      std::memcpy(left, nodes, count * sizeof(Block));
      std::memset(left + count, 0, (batch - count) * sizeof(Block));
      C::mmo(schedules.right, right, left);
      C::mmo(schedules.left, left, left);
      sums[0] = sums[1] = Block{0, 0};
      for (std::size_t i = 0; i < count; i++) {
        sums[0] ^= nodes[2 * i] = left[i];
        sums[1] ^= nodes[2 * i + 1] = right[i];
      }
      return;
    }
    typename C::Vec left_sum = C::broadcast(Block{0, 0}), right_sum = left_sum;
    for (std::size_t end = count; end > 0; end -= batch) {
      const Block* parents = nodes + end - batch;
      C::mmo(schedules.left, left, parents);
      C::mmo(schedules.right, right, parents);
      for (std::size_t i = 0; i < batch; i += C::lanes) {
        const typename C::Vec a = C::load(left + i), b = C::load(right + i);
        left_sum = C::exclusive_or(left_sum, a);
        right_sum = C::exclusive_or(right_sum, b);
        C::store_interleaved(nodes + 2 * (end - batch + i), a, b);
      }
    }
    sums[0] = C::fold(left_sum);
    sums[1] = C::fold(right_sum);
  }
};

}  // namespace
}  // namespace causeway::vole
