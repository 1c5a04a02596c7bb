/**
 * Silent VOLE for psi/vole: Rindal and Raghuraman, "Blazing Fast PSI from Improved OKVS and Subfield VOLE" (CCS 2022),
 * over Boyle et al., "Efficient Two-Round OT Extension and Silent Non-Interactive Secure Computation" (CCS 2019), with
 * the code of code.h. Semi-honest.
 *
 * The relation, everywhere and with these letters: C = A * Delta + B on every index. R holds A and C, S holds B and
 * Delta.
 * - A run has base OTs, made elsewhere: ReceiverSeeds at R, SenderSeeds at S.
 * - An epoch: R `begin_setup`, its choices go to S, S `answer_setup`, its trees go to R, R `finish_setup`. Both then
 * hold base values for up to 512 buckets.
 * - A bucket, likewise: `begin`, `answer`, `finish`. R then holds A' and C', S holds B'.
 *
 * A call does one bucket on one thread. It reads what is shared and writes what it is given. An instance number and a
 * base value each serve once under the same seeds: a second message of choices would tell S how the two differ.
 */
#pragma once

#include "block/secret-buffer.h"
#include "vole/base-values.h"
#include "vole/extension.h"
#include "vole/geometry.h"
#include "vole/kernel.h"

namespace causeway::vole {

/** What is the same for all buckets of a class. */
struct Setting {
  const VoleKernel& kernel;
  const Code& code;
  Form form;

  Geometry geometry() const { return {code.outputs()}; }
};

/** One use of the extension and of trees: its number I, and the public keys K("ot", I) and K("ggm", I). */
struct Instance {
  std::uint64_t number;
  Block ot_key;
  Block tree_key;

  ExtensionInstance extension() const { return {number, ot_key}; }
};

/** R's part of `tree_count` base values: c = a * Delta + b. In the form `low`, a is in the low half of its block. */
struct ReceiverBase {
  const Block* a;
  const Block* c;
};

// ---- R

/** What R keeps between its choices and S's trees. Serves once. */
struct ReceiverState {
  /** The noisy leaf of each tree. */
  SecretBuffer<std::uint32_t> noise;
  /** t_j of each OT. */
  SecretBuffer<Block> rows;
};

/**
 * Draws the noise and chooses the OTs.
 * @param seed 16 fresh random bytes.
 * @param choices receives `choice_bytes`, the message.
 */
ReceiverState begin(const Setting& setting, const ReceiverSeeds& seeds, const Instance& instance, Block seed,
                    std::uint8_t* choices);

/** Blocks that `finish` works in. */
constexpr std::size_t receiver_workspace(Geometry geometry) { return 4 * geometry.length(); }

/**
 * Opens the trees, plants the base values at the noisy leaves, and applies the code.
 * @param trees `tree_bytes` from S. Any bytes will do; wrong ones make wrong outputs.
 * @param workspace `receiver_workspace` blocks at a 64-byte boundary. On return the first k are A' (in the form `low`
 * in the low halves), the next k are C', and the rest is of no meaning; the caller wipes all of it.
 */
void finish(const Setting& setting, const Instance& instance, const ReceiverState& state, ReceiverBase base,
            const std::uint8_t* trees, Block* workspace);

// ---- S

/** Blocks that `answer` works in. */
constexpr std::size_t sender_workspace(Geometry geometry) { return 2 * geometry.length(); }

/**
 * Grows the trees, offers them, and applies the code.
 * @param seed 16 fresh random bytes.
 * @param base_b `tree_count` base values.
 * @param choices `choice_bytes` from R; any bytes.
 * @param trees receives `tree_bytes`, the message.
 * @param workspace `sender_workspace` blocks at a 64-byte boundary. On return the first k are B', and the rest is of no
 *   meaning; the caller wipes all of it.
 * @returns false for choices that R did not make alike in all columns: then nothing is written, and the run must end.
 */
[[nodiscard]] bool answer(const Setting& setting, const SenderSeeds& seeds, const Instance& instance, Block seed,
                          const Block* base_b, const std::uint8_t* choices, std::uint8_t* trees, Block* workspace);

// ---- The set-up of an epoch: such a VOLE, whose own base values are made of OTs

/** The instances of a set-up: of the OTs behind its base values, and of its VOLE, with the keys of the latter. */
struct SetupInstances {
  std::uint64_t base_number;
  Instance vole;

  ExtensionInstance base() const { return {base_number, vole.ot_key}; }
};

/** OTs behind the base values. */
constexpr std::size_t base_ot_count(Form form) { return tree_count * ots_per_value(form); }

/** R's message of an epoch: the choices of both instances, in order. */
constexpr std::size_t setup_choice_bytes(Geometry geometry, Form form) {
  return extension_bytes(base_ot_count(form)) + geometry.choice_bytes();
}

struct SetupState {
  ReceiverState vole;
  SecretBuffer<Block> base_a, base_c;
};

/** As `begin`. @param choices receives `setup_choice_bytes`. */
SetupState begin_setup(const Setting& setting, const ReceiverSeeds& seeds, const SetupInstances& instances, Block seed,
                       std::uint8_t* choices);

/** As `finish`: A' and C' are the base values of the epoch's buckets, `tree_count` for each. */
void finish_setup(const Setting& setting, const SetupInstances& instances, const SetupState& state,
                  const std::uint8_t* trees, Block* workspace);

/** As `answer`: B' is the base values of the epoch's buckets. */
[[nodiscard]] bool answer_setup(const Setting& setting, const SenderSeeds& seeds, const SetupInstances& instances,
                                Block seed, const std::uint8_t* choices, std::uint8_t* trees, Block* workspace);

}  // namespace causeway::vole
