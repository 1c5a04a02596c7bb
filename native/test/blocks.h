/** Blocks in tests: written in hexadecimal, and drawn the same in every run. */
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "block/block.h"

/** 32 hexadecimal digits, the first byte first. */
inline causeway::Block block_of(const char* hex) {
  std::uint8_t bytes[16];
  for (int i = 0; i < 16; i++) {
    bytes[i] = static_cast<std::uint8_t>(std::strtoul(std::string(hex + 2 * i, 2).c_str(), nullptr, 16));
  }
  return causeway::load_block(bytes);
}

inline std::string hex_of(causeway::Block block) {
  std::uint8_t bytes[16];
  causeway::store_block(bytes, block);
  char text[33];
  for (int i = 0; i < 16; i++) std::snprintf(text + 2 * i, 3, "%02x", bytes[i]);
  return text;
}

using Blocks = std::vector<causeway::Block>;

/** splitmix64 (Steele, Lea, Flood, OOPSLA 2014). */
class TestRandom {
 public:
  explicit TestRandom(std::uint64_t seed) : state_(seed) {}
  std::uint64_t word() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
  }
  /** Below `bound`, with a bias of bound / 2^64. */
  std::uint64_t below(std::uint64_t bound) { return word() % bound; }
  causeway::Block block() {
    const std::uint64_t lo = word();
    return {lo, word()};
  }
  Blocks blocks(std::size_t count) {
    Blocks drawn(count);
    for (causeway::Block& each : drawn) each = block();
    return drawn;
  }

 private:
  std::uint64_t state_;
};
