/** The compression function of each class that has its own. */
#pragma once

#include "hash/sha256.h"

namespace causeway::hash {

extern const std::uint32_t sha256_round_constants[64];

void sha256_compress_portable(Sha256State& state, const std::uint8_t* blocks, std::size_t count);
void sha256_compress_ifma(Sha256State& state, const std::uint8_t* blocks, std::size_t count);

}  // namespace causeway::hash
