#include "block/generator.h"
#include "vole/base-values.h"
#include "vole/tree-pads.h"
#include "vole/vole.h"

namespace causeway::vole {

bool answer(const Setting& setting, const SenderSeeds& seeds, const Instance& instance, Block seed, const Block* base_b,
            const std::uint8_t* choices, std::uint8_t* trees, Block* workspace) {
  const VoleKernel& kernel = setting.kernel;
  const BlockKernel& blocks = *kernel.blocks;
  const Geometry geometry = setting.geometry();
  const unsigned depth = geometry.depth();
  const std::size_t leaf_count = geometry.leaves(), ot_count = geometry.ot_count();
  const CodeTables tables = setting.code.tables();
  const CodeKernel& code = kernel.code(setting.form, 1);

  SecretBuffer<Block> rows(ot_count), pads(2 * ot_count);
  if (!extend_sender(blocks, seeds, instance.extension(), choices, ot_count, rows.data())) return false;
  tree_pads(blocks, instance.ot_key, rows.data(), pads.data(), ot_count);
  for (std::size_t j = 0; j < ot_count; j++) rows[j] ^= seeds.delta;
  tree_pads(blocks, instance.ot_key, rows.data(), pads.data() + ot_count, ot_count);

  SecretBuffer<Block> keys(2 * tree_count), roots(tree_count);
  blocks.stream(keys.data(), keys.size(), instance.tree_key, Block{0, 0});
  Generator(blocks, seed).fill(roots.data(), tree_count);

  // The noisy vector exists one tree at a time.
  SecretBuffer<Block> leaves(leaf_count), sums(2 * depth);
  Block running = {0, 0};
  for (std::size_t i = 0; i < tree_count; i++) {
    std::uint8_t* message = trees + i * geometry.tree_stride();
    kernel.grow_tree(leaves.data(), depth, roots[i], &keys[2 * i], sums.data());
    for (unsigned level = 0; level < depth; level++) {
      const std::size_t j = i * depth + level;
      store_block(message + 32 * level, sums[2 * level] ^ pads[j]);
      store_block(message + 32 * level + 16, sums[2 * level + 1] ^ pads[ot_count + j]);
    }
    const Block all_leaves = sums[2 * depth - 2] ^ sums[2 * depth - 1];
    store_block(message + 32 * depth, base_b[i] ^ all_leaves);
    code.first(tables, leaves.data(), i * leaf_count, leaf_count, &running, workspace);
  }
  Block* second = workspace + geometry.length();
  code.second(tables, workspace, second);
  code.compress(tables, second, workspace);
  wipe(&running, sizeof running);
  return true;
}

bool answer_setup(const Setting& setting, const SenderSeeds& seeds, const SetupInstances& instances, Block seed,
                  const std::uint8_t* choices, std::uint8_t* trees, Block* workspace) {
  const std::size_t count = base_ot_count(setting.form);
  SecretBuffer<Block> rows(count), base_b(tree_count);
  if (!extend_sender(*setting.kernel.blocks, seeds, instances.base(), choices, count, rows.data())) return false;
  sum_rows(setting.form, rows.data(), tree_count, base_b.data());
  const std::uint8_t* const of_trees = choices + extension_bytes(count);
  return answer(setting, seeds, instances.vole, seed, base_b.data(), of_trees, trees, workspace);
}

}  // namespace causeway::vole
