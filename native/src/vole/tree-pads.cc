#include "vole/tree-pads.h"

#include <vector>

namespace causeway::vole {

void tree_pads(const BlockKernel& kernel, Block key, const Block* rows, Block* pads, std::size_t count) {
  std::vector<Block> tweaks(count);
  for (std::size_t j = 0; j < count; j++) tweaks[j] = Block{j, 0};
  kernel.tmmo(pads, rows, tweaks.data(), count, key);
}

}  // namespace causeway::vole
