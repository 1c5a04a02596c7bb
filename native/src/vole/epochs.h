/** The base values of a run's epochs, handed out to buckets: each epoch is opened once, and each slice taken once. */
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "block/block.h"
#include "block/secret-buffer.h"

namespace causeway::vole {

/** What an epoch's set-up VOLE gave: at R all of A' and then all of C', at S B'. */
using EpochValues = SecretBuffer<Block>;

class Epochs {
 public:
  /** @returns false for an epoch that was opened before, even if it is forgotten by now. */
  bool open(std::uint64_t epoch);
  /** Of an open epoch, unless it was forgotten meanwhile. @param slots slices of `tree_count` values that can be taken.
   */
  void fill(std::uint64_t epoch, EpochValues values, std::size_t slots);
  /** @returns the epoch's values for one use of slice `slot`; null where they are not there, or that slice was taken.
   */
  std::shared_ptr<const EpochValues> take(std::uint64_t epoch, std::size_t slot);
  /** Lets the values go; they are wiped when no call works with them any more. */
  void forget(std::uint64_t epoch);

 private:
  struct Epoch {
    std::shared_ptr<const EpochValues> values;
    std::vector<bool> is_taken;
    bool is_forgotten = false;
  };

  std::mutex mutex_;
  std::map<std::uint64_t, Epoch> epochs_;
};

}  // namespace causeway::vole
