/** Arguments of the calls of psi/vole, and what their promises become. */
#pragma once

#include "node/arguments.h"
#include "node/handle.h"
#include "psi/session.h"

namespace causeway {

struct ReceiverHandle : psi::ReceiverSession {
  using psi::ReceiverSession::ReceiverSession;
  static constexpr napi_type_tag type_tag = {0x3c1f2ad07c9e4b15, 0xa86e0f5d914b2c73};
};

struct SenderHandle : psi::SenderSession {
  using psi::SenderSession::SenderSession;
  static constexpr napi_type_tag type_tag = {0x51b8e4c6f2094d8e, 0x8d37c9a1064fe25b};
};

/** The session of a role; null with an exception pending. */
template <class T>
std::shared_ptr<T> session_of(napi_env env, Arguments& arguments) {
  const napi_value value = arguments.any();
  if (arguments.failed()) return nullptr;
  std::shared_ptr<T> session = Handle<T>::of(env, value);
  if (session == nullptr) arguments.fail();
  return session;
}

/** Public keys and a seed of the host's random source, packed in one argument. */
class Blocks {
 public:
  Blocks(Arguments& arguments, const char* name, std::size_t count)
      : bytes_(arguments.bytes(name, count * sizeof(Block)).data) {}
  Block operator[](std::size_t i) const { return load_block(bytes_ + i * sizeof(Block)); }

 private:
  const std::uint8_t* bytes_;
};

/** A session's number of outputs: a power of two that the codes of the protocol have. */
inline std::size_t outputs_of(Arguments& arguments) {
  const std::size_t outputs = arguments.count("outputs", 1 << 13, 1 << 17);
  if (!arguments.failed() && (outputs & (outputs - 1)) != 0) arguments.refuse("outputs: expected a power of two");
  return outputs;
}

struct EpochArguments {
  std::size_t epoch;
  std::size_t outputs;
  vole::SetupInstances instances;
  Block seed;
};

/** epoch, outputs, base instance, set-up instance, 3 blocks: K("ot"), K("ggm") of the set-up instance, a seed. */
inline EpochArguments epoch_of(Arguments& arguments) {
  constexpr std::size_t instance_max = (std::size_t{1} << 53) - 1;
  EpochArguments read{};
  read.epoch = arguments.count("epoch", 0, 1 << 16);
  read.outputs = outputs_of(arguments);
  read.instances.base_number = arguments.count("baseInstance", 0, instance_max);
  read.instances.vole.number = arguments.count("setupInstance", 0, instance_max);
  const Blocks blocks(arguments, "keys", 3);
  if (arguments.failed()) return read;
  read.instances.vole.ot_key = blocks[0];
  read.instances.vole.tree_key = blocks[1];
  read.seed = blocks[2];
  return read;
}

struct BucketArguments {
  psi::BucketCall call;
  Block seed;
};

/** bucket, epoch, slot, bin count, tag count, outputs, 4 blocks: K("ot"), K("ggm"), K("tag") of the bucket, a seed. */
inline BucketArguments bucket_of(Arguments& arguments) {
  BucketArguments read{};
  psi::BucketCall& call = read.call;
  call.number = arguments.count("bucket", 0, 1 << 20);
  call.vole.epoch = arguments.count("epoch", 0, 1 << 16);
  call.vole.slot = arguments.count("slot", 0, 1 << 16);
  call.bin_count = arguments.count("binCount", 1, psi::bucket_bins_max);
  call.tag_count = arguments.count("tagCount", 1, psi::tag_count_max);
  call.vole.outputs = outputs_of(arguments);
  const Blocks blocks(arguments, "keys", 4);
  if (arguments.failed()) return read;
  if (call.bin_count * okvs::column_count > call.vole.outputs)
    arguments.refuse("outputs: expected one for each column");
  call.vole.instance = {call.number, blocks[0], blocks[1]};
  call.tag_key = blocks[2];
  read.seed = blocks[3];
  return read;
}

/** Work of one piece that ends in a verdict: its promise becomes the outputs, as a list, or the verdict's number. */
template <class Work>
class VerdictJob : public AsyncJob {
 public:
  VerdictJob(Work work, std::size_t output_count) : work_(std::move(work)), output_count_(output_count) {}

  std::size_t piece_count() const override { return 1; }
  void run(std::size_t) override { verdict_ = work_(); }
  napi_value result(napi_env env) override {
    napi_value value;
    if (verdict_ != psi::Verdict::done) {
      napi_create_uint32(env, static_cast<std::uint32_t>(verdict_), &value);
      return value;
    }
    napi_create_array_with_length(env, output_count_, &value);
    for (std::size_t i = 0; i < output_count_; i++) {
      napi_set_element(env, value, static_cast<std::uint32_t>(i), held(env, i));
    }
    return value;
  }

 private:
  Work work_;
  const std::size_t output_count_;
  psi::Verdict verdict_ = psi::Verdict::done;
};

template <class Work>
napi_value submit(Arguments& arguments, PoolHandle* pool, std::size_t output_count, Work work) {
  if (arguments.failed()) return nullptr;
  return arguments.submit(pool, std::make_unique<VerdictJob<Work>>(std::move(work), output_count));
}

/** What a bucket left for this stage; null with a RangeError pending where it left nothing. */
template <class Session>
auto take_state(Arguments& arguments, Session& session) {
  const std::size_t bucket = arguments.count("bucket", 0, 1 << 20);
  auto state = arguments.failed() ? nullptr : session.states().take(bucket);
  if (state == nullptr) arguments.refuse("bucket: it has nothing to be done, or is being worked on");
  return state;
}

}  // namespace causeway
