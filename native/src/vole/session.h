/**
 * What one run's buckets share at each side: the seeds of the base OTs, the codes, and the base values of its epochs.
 * All calls may be made from any thread, at the same time; what may happen once happens once, whoever calls. Secrets
 * are wiped with the session. A call that returns false has written nothing: its epoch or number of outputs is not
 * there, or what it would use was used before.
 */
#pragma once

#include <map>
#include <mutex>
#include <set>

#include "cpu/cpu-class.h"
#include "vole/codes.h"
#include "vole/epochs.h"
#include "vole/vole.h"

namespace causeway::vole {

/** A bucket's VOLE. */
struct BucketVole {
  std::uint64_t epoch;
  /** Which slice of the epoch's base values it uses: its number among the epoch's buckets. */
  std::size_t slot;
  std::size_t outputs;
  Instance instance;
};

class ReceiverSession {
 public:
  ReceiverSession(CpuClass cpu_class, Form form, const ReceiverSeeds& seeds, const CodeSeeds& code_seeds);

  /** @param choices receives `setup_choice_bytes`. */
  bool begin_setup(std::uint64_t epoch, std::size_t outputs, const SetupInstances& instances, Block seed,
                   std::uint8_t* choices);
  /** @param trees `tree_bytes` of the set-up's geometry, from S. */
  bool finish_setup(std::uint64_t epoch, const std::uint8_t* trees);
  /** The epoch's base values are of no use any more. */
  void forget(std::uint64_t epoch) { epochs_.forget(epoch); }

  /** @param choices receives `choice_bytes`. @param state receives what `finish` needs. */
  bool begin(const BucketVole& bucket, Block seed, std::uint8_t* choices, ReceiverState& state);
  /** @see finish of vole.h for `trees` and `workspace`. */
  bool finish(const BucketVole& bucket, const ReceiverState& state, const std::uint8_t* trees, Block* workspace);

 private:
  struct Pending {
    std::size_t outputs;
    SetupInstances instances;
    SetupState state;
  };

  const VoleKernel& kernel_;
  const Form form_;
  SecretBuffer<ReceiverSeeds> seeds_;
  Codes codes_;
  Epochs epochs_;
  std::mutex mutex_;
  /** Numbers of the instances that buckets have begun. */
  std::set<std::uint64_t> begun_;
  /** Set-ups that wait for S's trees. */
  std::map<std::uint64_t, Pending> pending_;
};

/** What came of S's answer. */
enum class Answered {
  done,
  /** The epoch or number of outputs is not there, or what the answer would use was used before. */
  unavailable,
  /** R's choices prove that it cheats: the run must end. */
  inconsistent,
};

class SenderSession {
 public:
  SenderSession(CpuClass cpu_class, Form form, const SenderSeeds& seeds, const CodeSeeds& code_seeds);

  Block delta() const { return seeds_[0].delta; }

  /** @param choices `setup_choice_bytes` from R. @param trees receives `tree_bytes` of the set-up's geometry. */
  Answered answer_setup(std::uint64_t epoch, std::size_t outputs, const SetupInstances& instances, Block seed,
                        const std::uint8_t* choices, std::uint8_t* trees);
  /** The epoch's base values are of no use any more. */
  void forget(std::uint64_t epoch) { epochs_.forget(epoch); }

  /** @see answer of vole.h for `choices`, `trees` and `workspace`. */
  Answered answer(const BucketVole& bucket, Block seed, const std::uint8_t* choices, std::uint8_t* trees,
                  Block* workspace);

 private:
  const VoleKernel& kernel_;
  const Form form_;
  SecretBuffer<SenderSeeds> seeds_;
  Codes codes_;
  Epochs epochs_;
};

}  // namespace causeway::vole
