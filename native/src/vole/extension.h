/**
 * OT extension: Ishai, Kilian, Nissim, Petrank, "Extending Oblivious Transfers Efficiently" (Crypto 2003), semi-honest,
 * kept as correlated OTs: t_j = q_j + r_j * Delta, the VOLE relation for a bit r_j. The seeds serve a whole run: an
 * instance is a part of their streams.
 */
#pragma once

#include "block/kernel.h"
#include "vole/geometry.h"

namespace causeway::vole {

/** R's side of the base OTs: both seeds of each column. */
struct ReceiverSeeds {
  Block zero[column_count];
  Block one[column_count];
};

/** S's side: for each column i the seed that bit i of Delta chose. */
struct SenderSeeds {
  Block chosen[column_count];
  Block delta;
};

/**
 * @param choices r: `count` bits, packed, the lowest first; count is a multiple of 128.
 * @param masked receives u, 128 columns of count / 8 bytes.
 * @param rows receives t_0, t_1, …
 */
void extend_receiver(const BlockKernel& kernel, const ReceiverSeeds& seeds, std::uint64_t instance,
                     const Block* choices, std::size_t count, std::uint8_t* masked, Block* rows);

/**
 * @param masked u, from R.
 * @param rows receives q_0, q_1, …
 */
void extend_sender(const BlockKernel& kernel, const SenderSeeds& seeds, std::uint64_t instance,
                   const std::uint8_t* masked, std::size_t count, Block* rows);

}  // namespace causeway::vole
