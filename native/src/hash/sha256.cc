#include "hash/sha256.h"

#include <algorithm>
#include <cstring>

#include "hash/sha256-compress.h"

namespace causeway::hash {

namespace {

/** FIPS 180-4 §5.3.3. */
constexpr Sha256State initial_state = {
    {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19}};

constexpr std::size_t length_bytes = 8;

std::uint32_t load_big_endian(const std::uint8_t* bytes) {
  return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 | std::uint32_t{bytes[2]} << 8 | bytes[3];
}

void store_big_endian(std::uint8_t* bytes, std::uint32_t value) {
  for (int i = 0; i < 4; i++) bytes[i] = static_cast<std::uint8_t>(value >> (24 - 8 * i));
}

std::uint32_t rotated(std::uint32_t value, int by) { return value >> by | value << (32 - by); }

}  // namespace

/** FIPS 180-4 §4.2.2. */
const std::uint32_t sha256_round_constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

void sha256_compress_portable(Sha256State& state, const std::uint8_t* blocks, std::size_t count) {
  for (; count > 0; count--, blocks += sha256_block_bytes) {
    std::uint32_t w[64];
    for (int i = 0; i < 16; i++) w[i] = load_big_endian(blocks + 4 * i);
    for (int i = 16; i < 64; i++) {
      const std::uint32_t s0 = rotated(w[i - 15], 7) ^ rotated(w[i - 15], 18) ^ w[i - 15] >> 3;
      const std::uint32_t s1 = rotated(w[i - 2], 17) ^ rotated(w[i - 2], 19) ^ w[i - 2] >> 10;
      w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }
    std::uint32_t a = state.words[0], b = state.words[1], c = state.words[2], d = state.words[3];
    std::uint32_t e = state.words[4], f = state.words[5], g = state.words[6], h = state.words[7];
    for (int i = 0; i < 64; i++) {
      const std::uint32_t s1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25);
      const std::uint32_t t1 = h + s1 + ((e & f) ^ (~e & g)) + sha256_round_constants[i] + w[i];
      const std::uint32_t s0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22);
      const std::uint32_t t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
      h = g, g = f, f = e, e = d + t1, d = c, c = b, b = a, a = t1 + t2;
    }
    const std::uint32_t added[8] = {a, b, c, d, e, f, g, h};
    for (int i = 0; i < 8; i++) state.words[i] += added[i];
  }
}

Sha256Compress sha256_compress(CpuClass cpu_class) {
#if defined(__x86_64__)
  if (cpu_class == CpuClass::ifma) return sha256_compress_ifma;
#endif
  (void)cpu_class;
  return sha256_compress_portable;
}

Sha256Prefix::Sha256Prefix(CpuClass cpu_class, const std::uint8_t* prefix, std::size_t length)
    : compress_(sha256_compress(cpu_class)),
      state_(initial_state),
      absorbed_(length / sha256_block_bytes * sha256_block_bytes),
      rest_length_(length - absorbed_) {
  compress_(state_, prefix, absorbed_ / sha256_block_bytes);
  if (rest_length_ > 0) std::memcpy(rest_, prefix + absorbed_, rest_length_);
}

void Sha256Prefix::digest(const std::uint8_t* message, std::size_t length, std::uint8_t* out) const {
  Sha256State state = state_;
  std::uint8_t tail[2 * sha256_block_bytes];
  std::memcpy(tail, rest_, rest_length_);
  std::size_t filled = rest_length_;
  const std::uint64_t bits = std::uint64_t{8} * (absorbed_ + rest_length_ + length);
  // The message's bytes up to its last incomplete block; one of usual length has no more than that.
  while (filled + length >= sha256_block_bytes) {
    const std::size_t taken = sha256_block_bytes - filled;
    if (taken > 0) std::memcpy(tail + filled, message, taken);
    compress_(state, tail, 1);
    message += taken, length -= taken, filled = 0;
  }
  if (length > 0) std::memcpy(tail + filled, message, length);
  filled += length;
  tail[filled++] = 0x80;
  const std::size_t blocks = filled + length_bytes <= sha256_block_bytes ? 1 : 2;
  std::memset(tail + filled, 0, blocks * sha256_block_bytes - filled);
  std::uint8_t* const end = tail + blocks * sha256_block_bytes;
  store_big_endian(end - 8, static_cast<std::uint32_t>(bits >> 32));
  store_big_endian(end - 4, static_cast<std::uint32_t>(bits));
  compress_(state, tail, blocks);
  for (int i = 0; i < 8; i++) store_big_endian(out + 4 * i, state.words[i]);
}

}  // namespace causeway::hash
