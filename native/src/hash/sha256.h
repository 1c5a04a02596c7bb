/** SHA-256 (FIPS 180-4 §6.2) over many short messages that begin alike. */
#pragma once

#include <cstddef>
#include <cstdint>

#include "cpu/cpu-class.h"

namespace causeway::hash {

constexpr std::size_t sha256_block_bytes = 64;
constexpr std::size_t sha256_digest_bytes = 32;

struct Sha256State {
  std::uint32_t words[8];
};

/** Absorbs whole blocks. */
using Sha256Compress = void (*)(Sha256State& state, const std::uint8_t* blocks, std::size_t count);

Sha256Compress sha256_compress(CpuClass cpu_class);

/** What every message begins with: hashed once, as far as its whole blocks go. */
class Sha256Prefix {
 public:
  Sha256Prefix(CpuClass cpu_class, const std::uint8_t* prefix, std::size_t length);

  /** Digest of prefix ‖ message. */
  void digest(const std::uint8_t* message, std::size_t length, std::uint8_t out[sha256_digest_bytes]) const;

 private:
  const Sha256Compress compress_;
  Sha256State state_;
  std::size_t absorbed_;
  std::size_t rest_length_;
  std::uint8_t rest_[sha256_block_bytes];
};

}  // namespace causeway::hash
