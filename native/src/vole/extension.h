/**
 * OT extension: Ishai, Kilian, Nissim, Petrank, "Extending Oblivious Transfers Efficiently" (Crypto 2003), kept as
 * correlated OTs: t_j = q_j + r_j * Delta, the VOLE relation for a bit r_j. The seeds serve a whole run: an instance is
 * a part of their streams.
 *
 * R proves that it chose alike in all columns, as Roy, "SoftSpokenOT" (Crypto 2022) has it: a random linear hash of a
 * column q_i must be that of t_i, plus that of r where bit i of Delta is 1. The hash is sum of chi_k * (block k of the
 * column) in GF(2^128), where chi is 1 at the last block, of choices that are drawn for this alone and hide the others.
 * It is asked for by a digest of R's own message (Fiat and Shamir), which costs no round. A cheating R learns a bit of
 * Delta only where the proof depends on it: it is caught with probability 1/2 for each.
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

/** One use of the extension: its number I, and a public key that belongs to the run and to it. */
struct ExtensionInstance {
  std::uint64_t number;
  Block key;
};

/**
 * @param choices r: `count` bits, packed, the lowest first, and then 128 random ones that nothing else uses; count is a
 *   multiple of 128.
 * @param message receives extension_bytes(count): the masked columns u, and the proof.
 * @param rows receives t_0 to t_(count - 1).
 */
void extend_receiver(const BlockKernel& kernel, const ReceiverSeeds& seeds, const ExtensionInstance& instance,
                     const Block* choices, std::size_t count, std::uint8_t* message, Block* rows);

/**
 * @param message extension_bytes(count) from R; any bytes.
 * @param rows receives q_0 to q_(count - 1).
 * @returns false where R did not choose alike in all columns: the run must end, and nothing of it be said.
 */
[[nodiscard]] bool extend_sender(const BlockKernel& kernel, const SenderSeeds& seeds, const ExtensionInstance& instance,
                                 const std::uint8_t* message, std::size_t count, Block* rows);

}  // namespace causeway::vole
