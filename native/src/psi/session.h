/**
 * What the buckets of one run share at each side, and what a bucket leaves from one stage to the next. Different
 * buckets may be worked on at the same time, on any threads; the stages of one bucket follow each other.
 */
#pragma once
#include <map>
#include <memory>
#include <mutex>

#include "psi/bucket.h"
#include "psi/workspaces.h"
#include "vole/session.h"

namespace causeway::psi {

/** The run's own numbers and public keys. */
struct Run {
  CpuClass cpu_class;
  Form form;
  okvs::HashKeys hash;
  Cut cut;
  /** l. */
  unsigned tag_bits;
};

/** A bucket's own. */
struct BucketCall {
  /** Its number in the run: it has the bins from number * bucket_bins_max on. */
  std::size_t number;
  std::size_t bin_count;
  /** M. */
  std::size_t tag_count;
  Block tag_key;
  vole::BucketVole vole;
};

/** What came of a call. */
enum class Verdict {
  done,
  /** A stage that is not the bucket's next one, or an epoch that is not there: the caller's mistake. */
  out_of_order,
  /** Keys of another bucket, or too many: the caller's mistake. */
  does_not_fit,
  /** The peer's message is none. */
  malformed,
  /** R's choices prove that it cheats. */
  inconsistent,
};

/** What S's answer in the VOLE comes to. */
Verdict verdict_of(vole::Answered answered);

/** States of buckets between their stages: taken by a call, and put back for the next one. */
template <class State>
class States {
 public:
  /** @returns null where the bucket is not there: never begun, at work, or done with. */
  std::unique_ptr<State> take(std::size_t number) {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto found = states_.find(number);
    if (found == states_.end()) return nullptr;
    std::unique_ptr<State> state = std::move(found->second);
    states_.erase(found);
    return state;
  }
  void put(std::size_t number, std::unique_ptr<State> state) {
    const std::lock_guard<std::mutex> lock(mutex_);
    states_[number] = std::move(state);
  }

 private:
  std::mutex mutex_;
  std::map<std::size_t, std::unique_ptr<State>> states_;
};

struct ReceiverBucketState {
  BucketCall call;
  ReceiverBucket bucket;
  vole::ReceiverState vole;
  bool has_responded = false;
};

class ReceiverSession {
 public:
  ReceiverSession(const Run& run, const vole::ReceiverSeeds& seeds, const vole::CodeSeeds& codes);

  vole::ReceiverSession& vole() { return vole_; }
  const Run& run() const { return run_; }
  States<ReceiverBucketState>& states() { return states_; }

  /** @param rows as BucketKeys has them. @param choices receives what vole::Geometry says. */
  Verdict begin(const BucketCall& call, const std::uint8_t* rows, std::size_t row_count, Block seed,
                std::uint8_t* choices);
  /** @param trees from S. @param okvs receives W. @param is_encoded receives whether the keys are in it. */
  Verdict respond(std::unique_ptr<ReceiverBucketState> state, const std::uint8_t* trees, Block seed, std::uint8_t* okvs,
                  bool& is_encoded);
  /** @see ReceiverBucket::join. The bucket is done with. */
  static Verdict join(std::unique_ptr<ReceiverBucketState> state, const std::uint8_t* tags, std::uint8_t* row_bits,
                      std::uint8_t* match_bits);

 private:
  const Run run_;
  vole::ReceiverSession vole_;
  Workspaces workspaces_;
  States<ReceiverBucketState> states_;
};

struct SenderBucketState {
  BucketCall call;
  /** B' on the bucket's columns, until the tags are made. */
  SecretBuffer<Block> b;
  std::unique_ptr<SenderBucket> bucket;
};

class SenderSession {
 public:
  SenderSession(const Run& run, const vole::SenderSeeds& seeds, const vole::CodeSeeds& codes);

  vole::SenderSession& vole() { return vole_; }
  const Run& run() const { return run_; }
  States<SenderBucketState>& states() { return states_; }

  /** @param choices from R. @param trees receives what vole::Geometry says. */
  Verdict answer(const BucketCall& call, Block seed, const std::uint8_t* choices, std::uint8_t* trees);
  /** @param rows as BucketKeys has them. @param okvs from R. @param tags receives TagShape's bytes. */
  Verdict tag(std::unique_ptr<SenderBucketState> state, const std::uint8_t* rows, std::size_t row_count,
              const std::uint8_t* okvs, Block seed, std::uint8_t* tags);
  /** @see SenderBucket::matched. The bucket is done with. */
  static Verdict matched(std::unique_ptr<SenderBucketState> state, const std::uint8_t* match_bits,
                         std::uint8_t* row_bits);

 private:
  const Run run_;
  vole::SenderSession vole_;
  Workspaces workspaces_;
  States<SenderBucketState> states_;
};

/** The bucket of a call, for both sides. */
Bucket bucket_of(const Run& run, const BucketCall& call);

}  // namespace causeway::psi
