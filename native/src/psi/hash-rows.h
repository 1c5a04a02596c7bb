/** Packed keys at any address, hashed a chunk at a time. */
#pragma once
#include "block/kernel.h"

namespace causeway::psi {

/**
 * Calls each(row, key, hash) for all rows in order. A row is read once: its owner may change it meanwhile.
 * @param hash_key of the MMO.
 */
template <class Each>
void hash_rows(const BlockKernel& kernel, Block hash_key, const std::uint8_t* rows, std::size_t count, Each each) {
  constexpr std::size_t chunk = 256;
  Block keys[chunk], hashes[chunk];
  for (std::size_t at = 0; at < count; at += chunk) {
    const std::size_t n = count - at < chunk ? count - at : chunk;
    std::memcpy(keys, rows + at * sizeof(Block), n * sizeof(Block));
    kernel.mmo(hashes, keys, n, hash_key);
    for (std::size_t i = 0; i < n; i++) each(at + i, keys[i], hashes[i]);
  }
}

}  // namespace causeway::psi
