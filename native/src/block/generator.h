/**
 * Private randomness: AES-128 in counter mode under a seed of the operating system's generator. A seed serves one
 * generator, and a generator one thread; neither is ever kept or sent.
 */
#pragma once
#include "block/kernel.h"
#include "secret/wipe.h"

namespace causeway {

class Generator {
 public:
  /** @param seed 16 fresh random bytes, from the caller's random source. */
  Generator(const BlockKernel& kernel, Block seed) : kernel_(kernel), key_(seed) {}
  Generator(const Generator&) = delete;
  Generator& operator=(const Generator&) = delete;
  ~Generator() { wipe(&key_, sizeof key_); }

  /** Fills `out` with the next `count` blocks. */
  void fill(Block* out, std::size_t count) {
    kernel_.stream(out, count, key_, Block{next_, 0});
    next_ += count;
  }

 private:
  const BlockKernel& kernel_;
  Block key_;
  std::uint64_t next_ = 0;
};

}  // namespace causeway
