/** What opens a session of psi/vole, whichever the role. */
#pragma once

#include "node/psi-arguments.h"

namespace causeway {

struct SessionArguments {
  psi::Run run;
  vole::CodeSeeds codes;
};

/**
 * class, low (0 or 1), 8 blocks, bin count T, bits of a tag. The blocks are K("row"), K("dense"), K("value") and the
 * four K("code") of the run, and K("part") of the exchange's first run.
 */
inline SessionArguments session_arguments(Arguments& arguments) {
  SessionArguments read{};
  read.run.cpu_class = arguments.cpu_class();
  read.run.form = arguments.count("low", 0, 1) ? Form::low : Form::fast;
  const Blocks blocks(arguments, "keys", 8);
  read.run.cut.bin_count = arguments.count("binCount", 1, psi::bin_count_max);
  read.run.tag_bits = static_cast<unsigned>(arguments.count("tagBits", psi::tag_bits_min, psi::tag_bits_max));
  if (arguments.failed()) return read;
  read.run.hash = {blocks[0], blocks[1], blocks[2]};
  for (std::size_t i = 0; i < vole::code_count; i++) read.codes.seed[i] = blocks[3 + i];
  read.run.cut.key = blocks[7];
  return read;
}

}  // namespace causeway
