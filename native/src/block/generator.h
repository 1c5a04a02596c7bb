// Private randomness: AES-128 in counter mode under a seed of the operating system's generator. A seed serves one generator, and a
// generator one thread; neither is ever kept or sent.
#pragma once
#include "kernel.h"

namespace causeway {

class Generator {
 public:
  /** @param seed 16 fresh random bytes, from the caller's random source. */
  Generator(const BlockKernel& kernel, Block seed) : kernel(kernel), key(seed) {}
  Generator(const Generator&) = delete;
  Generator& operator=(const Generator&) = delete;
  ~Generator() { wipe(&key, sizeof key); }

  /** Fills `out` with the next `count` blocks. */
  void fill(Block* out, std::size_t count) {
    kernel.stream(out, count, key, Block{next, 0});
    next += count;
  }

 private:
  const BlockKernel& kernel;
  Block key;
  std::uint64_t next = 0;
};

}  // namespace causeway
