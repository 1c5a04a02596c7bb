// What the self-tests share: a check that counts, and bytes in hexadecimal. A program of tests prints what failed and exits with 1.
#pragma once
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "../src/block/block.h"

namespace causeway::test {

inline int checks = 0, failures = 0;

inline void check(bool holds, const std::string& rule) {
  checks += 1;
  if (holds) return;
  failures += 1;
  std::printf("FAILED %s\n", rule.c_str());
}

inline int finish() {
  std::printf("%d checks, %d failed\n", checks, failures);
  return failures == 0 ? 0 : 1;
}

/** 32 hexadecimal digits, the first byte first. */
inline Block blockOf(const char* hex) {
  std::uint8_t bytes[16];
  for (int i = 0; i < 16; i++) bytes[i] = static_cast<std::uint8_t>(std::stoul(std::string(hex + 2 * i, 2), nullptr, 16));
  return loadBlock(bytes);
}

inline std::string hexOf(Block block) {
  std::uint8_t bytes[16];
  storeBlock(bytes, block);
  char text[33];
  for (int i = 0; i < 16; i++) std::snprintf(text + 2 * i, 3, "%02x", bytes[i]);
  return text;
}

/** Test inputs that are the same in every run: splitmix64 (Steele, Lea, Flood 2014). */
class TestRandom {
 public:
  explicit TestRandom(std::uint64_t seed) : state(seed) {}
  std::uint64_t word() {
    std::uint64_t z = state += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
  }
  Block block() {
    const std::uint64_t lo = word();
    return {lo, word()};
  }
  /** Uniform below `bound`, but for a bias of bound / 2^64. */
  std::uint64_t below(std::uint64_t bound) { return word() % bound; }

 private:
  std::uint64_t state;
};

}  // namespace causeway::test
