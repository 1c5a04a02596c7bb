#include "vole/extension.h"

#include "block/secret-buffer.h"

namespace causeway::vole {

void extend_receiver(const BlockKernel& kernel, const ReceiverSeeds& seeds, std::uint64_t instance,
                     const Block* choices, std::size_t count, std::uint8_t* masked, Block* rows) {
  const std::size_t tiles = count / 128;
  SecretBuffer<Block> columns(column_count * tiles), other(tiles);
  for (std::size_t i = 0; i < column_count; i++) {
    Block* column = columns.data() + i * tiles;
    kernel.stream(column, tiles, seeds.zero[i], Block{0, instance});
    kernel.stream(other.data(), tiles, seeds.one[i], Block{0, instance});
    std::uint8_t* out = masked + i * tiles * sizeof(Block);
    for (std::size_t k = 0; k < tiles; k++) store_block(out + k * sizeof(Block), column[k] ^ other[k] ^ choices[k]);
  }
  kernel.transpose(rows, columns.data(), tiles, count);
}

void extend_sender(const BlockKernel& kernel, const SenderSeeds& seeds, std::uint64_t instance,
                   const std::uint8_t* masked, std::size_t count, Block* rows) {
  const std::size_t tiles = count / 128;
  SecretBuffer<Block> columns(column_count * tiles);
  for (std::size_t i = 0; i < column_count; i++) {
    Block* column = columns.data() + i * tiles;
    kernel.stream(column, tiles, seeds.chosen[i], Block{0, instance});
    const Block chosen = mask_of(i < 64 ? seeds.delta.lo >> i : seeds.delta.hi >> (i - 64));
    const std::uint8_t* in = masked + i * tiles * sizeof(Block);
    for (std::size_t k = 0; k < tiles; k++) column[k] ^= load_block(in + k * sizeof(Block)) & chosen;
  }
  kernel.transpose(rows, columns.data(), tiles, count);
}

}  // namespace causeway::vole
