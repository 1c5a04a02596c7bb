#include "vole/extension.h"

#include <vector>

#include "block/secret-buffer.h"
#include "hash/sha256.h"
#include "secret/equal.h"

namespace causeway::vole {

namespace {

/** SHA-256 of a domain, an instance, and bytes. */
struct Digest {
  std::uint8_t bytes[hash::sha256_digest_bytes];
};

template <std::size_t length>
Digest digest_of(const BlockKernel& kernel, const char (&domain)[length], const ExtensionInstance& instance,
                 const void* bytes, std::size_t count) {
  std::uint8_t prefix[length - 1 + sizeof instance.key + sizeof instance.number];
  std::memcpy(prefix, domain, length - 1);
  std::memcpy(prefix + length - 1, &instance.key, sizeof instance.key);
  std::memcpy(prefix + length - 1 + sizeof instance.key, &instance.number, sizeof instance.number);
  Digest digest;
  hash::Sha256Prefix(kernel.cpu_class, prefix, sizeof prefix)
      .digest(static_cast<const std::uint8_t*>(bytes), count, digest.bytes);
  return digest;
}

/** chi, which the columns as they stand in the message ask for. */
std::vector<Block> draw_weights(const BlockKernel& kernel, const ExtensionInstance& instance,
                                const std::uint8_t* columns, std::size_t blocks) {
  const Digest seed =
      digest_of(kernel, "causeway/psi-vole/1/check", instance, columns, column_count * blocks * sizeof(Block));
  std::vector<Block> weights(blocks);
  kernel.stream(weights.data(), blocks - 1, load_block(seed.bytes), Block{0, 0});
  weights[blocks - 1] = Block{1, 0};
  return weights;
}

/** What stands behind the columns: the hash of r, and a digest of those of t_0 to t_127. */
struct Proof {
  Block choices;
  Digest columns;
};
static_assert(extension_bytes(0) == 16 * masking_ot_count + sizeof(Proof), "and nothing else");

Digest digest_of_hashes(const BlockKernel& kernel, const ExtensionInstance& instance,
                        const SecretBuffer<Block>& hashes) {
  return digest_of(kernel, "causeway/psi-vole/1/check-columns", instance, hashes.data(), hashes.size() * sizeof(Block));
}

}  // namespace

void extend_receiver(const BlockKernel& kernel, const ReceiverSeeds& seeds, const ExtensionInstance& instance,
                     const Block* choices, std::size_t count, std::uint8_t* message, Block* rows) {
  const std::size_t blocks = count / 128 + 1, column_bytes = blocks * sizeof(Block);
  SecretBuffer<Block> columns(column_count * blocks), other(blocks), hashes(column_count);
  for (std::size_t i = 0; i < column_count; i++) {
    Block* const column = &columns[i * blocks];
    kernel.stream(column, blocks, seeds.zero[i], Block{0, instance.number});
    kernel.stream(other.data(), blocks, seeds.one[i], Block{0, instance.number});
    std::uint8_t* const masked = message + i * column_bytes;
    for (std::size_t k = 0; k < blocks; k++) {
      store_block(masked + k * sizeof(Block), column[k] ^ other[k] ^ choices[k]);
    }
  }
  kernel.transpose(rows, columns.data(), blocks, count);

  const std::vector<Block> weights = draw_weights(kernel, instance, message, blocks);
  for (std::size_t i = 0; i < column_count; i++) {
    hashes[i] = kernel.inner_product(weights.data(), &columns[i * blocks], blocks);
  }
  const Proof proof = {kernel.inner_product(weights.data(), choices, blocks),
                       digest_of_hashes(kernel, instance, hashes)};
  std::memcpy(message + column_count * column_bytes, &proof, sizeof proof);
}

bool extend_sender(const BlockKernel& kernel, const SenderSeeds& seeds, const ExtensionInstance& instance,
                   const std::uint8_t* message, std::size_t count, Block* rows) {
  const std::size_t blocks = count / 128 + 1, column_bytes = blocks * sizeof(Block);
  Proof proof;
  std::memcpy(&proof, message + column_count * column_bytes, sizeof proof);
  const std::vector<Block> weights = draw_weights(kernel, instance, message, blocks);
  SecretBuffer<Block> columns(column_count * blocks), hashes(column_count);
  for (std::size_t i = 0; i < column_count; i++) {
    Block* const column = &columns[i * blocks];
    kernel.stream(column, blocks, seeds.chosen[i], Block{0, instance.number});
    const Block chosen = mask_of(i < 64 ? seeds.delta.lo >> i : seeds.delta.hi >> (i - 64));
    const std::uint8_t* const masked = message + i * column_bytes;
    for (std::size_t k = 0; k < blocks; k++) column[k] ^= load_block(masked + k * sizeof(Block)) & chosen;
    hashes[i] = kernel.inner_product(weights.data(), column, blocks) ^ (proof.choices & chosen);
  }
  kernel.transpose(rows, columns.data(), blocks, count);

  const Digest expected = digest_of_hashes(kernel, instance, hashes);
  return are_equal(expected.bytes, proof.columns.bytes, sizeof expected.bytes);
}

}  // namespace causeway::vole
