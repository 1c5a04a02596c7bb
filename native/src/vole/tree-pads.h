/** The pads under which S offers sums of trees by OT: TMMO (Guo, Katz, Wang, Yu, S&P 2020), tweaked by the OT's number.
 */
#pragma once

#include "block/kernel.h"

namespace causeway::vole {

/** pads[j] = TMMO_key(rows[j], j), for j < count. */
void tree_pads(const BlockKernel& kernel, Block key, const Block* rows, Block* pads, std::size_t count);

}  // namespace causeway::vole
