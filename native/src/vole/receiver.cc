#include "block/generator.h"
#include "vole/base-values.h"
#include "vole/tree-pads.h"
#include "vole/vole.h"

namespace causeway::vole {

namespace {

/** Noise, and the choice bits that open all but it: at each level the side that the path to the leaf does not take. */
void draw_noise(Generator& generator, Geometry geometry, std::uint32_t* noise, Block* choices) {
  SecretBuffer<Block> drawn(tree_count);
  generator.fill(drawn.data(), tree_count);
  const unsigned depth = geometry.depth();
  for (std::size_t i = 0; i < tree_count; i++) {
    noise[i] = static_cast<std::uint32_t>(drawn[i].lo & (geometry.leaves() - 1));
    for (unsigned level = 0; level < depth; level++) {
      const std::uint64_t choice = ~(noise[i] >> (depth - 1 - level)) & 1;
      const std::size_t j = i * depth + level;
      Block& packed = choices[j / 128];
      (j % 128 < 64 ? packed.lo : packed.hi) |= choice << j % 64;
    }
  }
}

ReceiverState begin_with(const Setting& setting, const ReceiverSeeds& seeds, const Instance& instance,
                         Generator& generator, std::uint8_t* message) {
  const Geometry geometry = setting.geometry();
  ReceiverState state = {SecretBuffer<std::uint32_t>(tree_count), SecretBuffer<Block>(geometry.ot_count())};
  SecretBuffer<Block> choices(geometry.ot_count() / 128 + 1);
  draw_noise(generator, geometry, state.noise.data(), choices.data());
  generator.fill(&choices[geometry.ot_count() / 128], 1);
  extend_receiver(*setting.kernel.blocks, seeds, instance.extension(), choices.data(), geometry.ot_count(), message,
                  state.rows.data());
  return state;
}

}  // namespace

ReceiverState begin(const Setting& setting, const ReceiverSeeds& seeds, const Instance& instance, Block seed,
                    std::uint8_t* choices) {
  Generator generator(*setting.kernel.blocks, seed);
  return begin_with(setting, seeds, instance, generator, choices);
}

void finish(const Setting& setting, const Instance& instance, const ReceiverState& state, ReceiverBase base,
            const std::uint8_t* trees, Block* workspace) {
  const VoleKernel& kernel = setting.kernel;
  const Geometry geometry = setting.geometry();
  const unsigned depth = geometry.depth();
  const std::size_t leaf_count = geometry.leaves();
  const CodeTables tables = setting.code.tables();
  const CodeKernel& code = kernel.code(setting.form, 2);

  SecretBuffer<Block> pads(geometry.ot_count());
  tree_pads(*kernel.blocks, instance.ot_key, state.rows.data(), pads.data(), geometry.ot_count());
  SecretBuffer<Block> keys(2 * tree_count);
  kernel.blocks->stream(keys.data(), keys.size(), instance.tree_key, Block{0, 0});

  // The two noisy vectors exist one tree at a time, side by side: A is zero but at the noisy leaf, C is the leaves.
  SecretBuffer<Block> leaves(leaf_count), both(2 * leaf_count), opened(depth);
  Block sums[2] = {};
  for (std::size_t i = 0; i < tree_count; i++) {
    const std::uint8_t* message = trees + i * geometry.tree_stride();
    const std::size_t noisy = state.noise[i];
    for (unsigned level = 0; level < depth; level++) {
      const std::size_t side = ~(noisy >> (depth - 1 - level)) & 1;
      opened[level] = load_block(message + 16 * (2 * level + side)) ^ pads[i * depth + level];
    }
    const Block known = kernel.grow_punctured_tree(leaves.data(), depth, noisy, &keys[2 * i], opened.data());
    const Block correction = load_block(message + 32 * depth);
    leaves[noisy] = correction ^ known ^ base.c[i];
    for (std::size_t leaf = 0; leaf < leaf_count; leaf++) both[2 * leaf + 1] = leaves[leaf];
    both[2 * noisy] = base.a[i];
    code.first(tables, both.data(), i * leaf_count, leaf_count, sums, workspace);
    both[2 * noisy] = Block{0, 0};
  }
  Block* second = workspace + 2 * geometry.length();
  code.second(tables, workspace, second);
  code.compress(tables, second, workspace);
  wipe(sums, sizeof sums);
}

SetupState begin_setup(const Setting& setting, const ReceiverSeeds& seeds, const SetupInstances& instances, Block seed,
                       std::uint8_t* choices) {
  const BlockKernel& blocks = *setting.kernel.blocks;
  const std::size_t count = base_ot_count(setting.form);
  Generator generator(blocks, seed);
  SecretBuffer<Block> bits(count / 128 + 1), rows(count);
  generator.fill(bits.data(), bits.size());
  extend_receiver(blocks, seeds, instances.base(), bits.data(), count, choices, rows.data());

  SetupState state;
  state.base_a = SecretBuffer<Block>(tree_count);
  state.base_c = SecretBuffer<Block>(tree_count);
  for (std::size_t v = 0; v < tree_count; v++) {
    // The bits of a value are its choice bits.
    if (setting.form == Form::fast) state.base_a[v] = bits[v];
    if (setting.form == Form::low) state.base_a[v] = Block{v % 2 == 0 ? bits[v / 2].lo : bits[v / 2].hi, 0};
  }
  sum_rows(setting.form, rows.data(), tree_count, state.base_c.data());
  state.vole = begin_with(setting, seeds, instances.vole, generator, choices + extension_bytes(count));
  return state;
}

void finish_setup(const Setting& setting, const SetupInstances& instances, const SetupState& state,
                  const std::uint8_t* trees, Block* workspace) {
  finish(setting, instances.vole, state.vole, {state.base_a.data(), state.base_c.data()}, trees, workspace);
}

}  // namespace causeway::vole
