#include "vole/code.h"

#include <algorithm>
#include <numeric>

namespace causeway::vole {

namespace {

__extension__ typedef unsigned __int128 Wide;

std::vector<Block> stream(const BlockKernel& kernel, Block key, std::size_t count) {
  std::vector<Block> blocks(count);
  kernel.stream(blocks.data(), count, key, Block{0, 0});
  return blocks;
}

/** The consecutive words of STREAM; 0, which would erase what it labels, becomes 1. */
std::vector<std::uint64_t> draw_labels(const BlockKernel& kernel, Block key, std::size_t length) {
  std::vector<std::uint64_t> labels;
  labels.reserve(length);
  for (Block block : stream(kernel, key, length / 2)) {
    for (std::uint64_t word : {block.lo, block.hi}) labels.push_back(word == 0 ? 1 : word);
  }
  return labels;
}

std::vector<std::uint8_t> draw_rows(const BlockKernel& kernel, Block key, std::size_t outputs) {
  const std::vector<Block> words = stream(kernel, key, outputs / 4);
  std::vector<std::uint8_t> tiles(4 * outputs);
  for (std::size_t j = 0; j < outputs; j++) {
    std::uint8_t row[4];
    std::memcpy(row, reinterpret_cast<const std::uint8_t*>(words.data()) + 4 * j, sizeof row);
    for (std::size_t byte = 0; byte < 4; byte++) tiles[32 * (j / 8) + 8 * byte + j % 8] = row[byte];
  }
  return tiles;
}

}  // namespace

std::vector<std::uint32_t> Code::permutation(const BlockKernel& kernel, std::size_t length, Block key) {
  const std::vector<Block> words = stream(kernel, key, length - 1);
  std::vector<std::uint32_t> p(length);
  std::iota(p.begin(), p.end(), 0);
  for (std::size_t i = length - 1; i > 0; i--) {
    const Wide product = static_cast<Wide>(words[length - 1 - i].lo) * (i + 1);
    std::swap(p[i], p[static_cast<std::size_t>(product >> 64)]);
  }
  return p;
}

Code::Code(const BlockKernel& kernel, std::size_t outputs, Block seed)
    : outputs_(outputs), region_length_(std::min(CodeTables::region_length_max, 2 * outputs)) {
  const std::size_t length = 2 * outputs;
  Block keys[6];
  for (std::uint64_t i = 0; i < 6; i++) keys[i] = Block{i, 0};
  kernel.mmo(keys, keys, 6, seed);
  for (std::size_t pass = 0; pass < 2; pass++) {
    const std::vector<std::uint32_t> p = permutation(kernel, length, keys[1 + pass]);
    std::vector<std::uint32_t> next(length / region_length_);
    for (std::size_t region = 0; region < next.size(); region++) {
      next[region] = static_cast<std::uint32_t>(region * region_length_);
    }
    slot_[pass].resize(length);
    place_[pass].resize(length);
    for (std::size_t i = 0; i < length; i++) {
      slot_[pass][i] = next[p[i] / region_length_]++;
      place_[pass][p[i]] = static_cast<std::uint16_t>(slot_[pass][i] % region_length_);
    }
    label_[pass] = draw_labels(kernel, keys[3 + pass], length);
  }
  rows_ = draw_rows(kernel, keys[5], outputs);
}

CodeTables Code::tables() const {
  return {outputs_,
          region_length_,
          {slot_[0].data(), slot_[1].data()},
          {place_[0].data(), place_[1].data()},
          {label_[0].data(), label_[1].data()},
          rows_.data()};
}

}  // namespace causeway::vole
