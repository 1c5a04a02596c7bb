#include "vole/session.h"

#include <utility>

namespace causeway::vole {

namespace {

/** The first `count` blocks of a workspace, as a buffer of their own. */
EpochValues keep(const SecretBuffer<Block>& workspace, std::size_t count) {
  EpochValues values(count);
  std::memcpy(values.data(), workspace.data(), count * sizeof(Block));
  return values;
}

}  // namespace

ReceiverSession::ReceiverSession(CpuClass cpu_class, Form form, const ReceiverSeeds& seeds, const CodeSeeds& code_seeds)
    : kernel_(vole_kernel(cpu_class)), form_(form), seeds_(1), codes_(*kernel_.blocks, code_seeds) {
  seeds_[0] = seeds;
}

bool ReceiverSession::begin_setup(std::uint64_t epoch, std::size_t outputs, const SetupInstances& instances, Block seed,
                                  std::uint8_t* choices) {
  const Code* const code = codes_.of(outputs);
  if (code == nullptr || !epochs_.open(epoch)) return false;
  const Setting setting = {kernel_, *code, form_};
  SetupState state = vole::begin_setup(setting, seeds_[0], instances, seed, choices);
  const std::lock_guard<std::mutex> lock(mutex_);
  pending_.emplace(epoch, Pending{outputs, instances, std::move(state)});
  return true;
}

bool ReceiverSession::finish_setup(std::uint64_t epoch, const std::uint8_t* trees) {
  std::unique_lock<std::mutex> lock(mutex_);
  const auto pending = pending_.extract(epoch);
  lock.unlock();
  if (pending.empty()) return false;
  const auto& [outputs, instances, state] = pending.mapped();
  const Setting setting = {kernel_, *codes_.of(outputs), form_};
  SecretBuffer<Block> workspace(receiver_workspace(setting.geometry()));
  vole::finish_setup(setting, instances, state, trees, workspace.data());
  epochs_.fill(epoch, keep(workspace, 2 * outputs), outputs / tree_count);
  return true;
}

bool ReceiverSession::begin(const BucketVole& bucket, Block seed, std::uint8_t* choices, ReceiverState& state) {
  const Code* const code = codes_.of(bucket.outputs);
  if (code == nullptr) return false;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!begun_.insert(bucket.instance.number).second) return false;
  }
  state = vole::begin({kernel_, *code, form_}, seeds_[0], bucket.instance, seed, choices);
  return true;
}

bool ReceiverSession::finish(const BucketVole& bucket, const ReceiverState& state, const std::uint8_t* trees,
                             Block* workspace) {
  const Code* const code = codes_.of(bucket.outputs);
  if (code == nullptr) return false;
  const std::shared_ptr<const EpochValues> values = epochs_.take(bucket.epoch, bucket.slot);
  if (values == nullptr) return false;
  const Block* const a = values->data() + bucket.slot * tree_count;
  const ReceiverBase base = {a, a + values->size() / 2};
  vole::finish({kernel_, *code, form_}, bucket.instance, state, base, trees, workspace);
  return true;
}

SenderSession::SenderSession(CpuClass cpu_class, Form form, const SenderSeeds& seeds, const CodeSeeds& code_seeds)
    : kernel_(vole_kernel(cpu_class)), form_(form), seeds_(1), codes_(*kernel_.blocks, code_seeds) {
  seeds_[0] = seeds;
}

Answered SenderSession::answer_setup(std::uint64_t epoch, std::size_t outputs, const SetupInstances& instances,
                                     Block seed, const std::uint8_t* choices, std::uint8_t* trees) {
  const Code* const code = codes_.of(outputs);
  if (code == nullptr || !epochs_.open(epoch)) return Answered::unavailable;
  const Setting setting = {kernel_, *code, form_};
  SecretBuffer<Block> workspace(sender_workspace(setting.geometry()));
  if (!vole::answer_setup(setting, seeds_[0], instances, seed, choices, trees, workspace.data())) {
    return Answered::inconsistent;
  }
  epochs_.fill(epoch, keep(workspace, outputs), outputs / tree_count);
  return Answered::done;
}

Answered SenderSession::answer(const BucketVole& bucket, Block seed, const std::uint8_t* choices, std::uint8_t* trees,
                               Block* workspace) {
  const Code* const code = codes_.of(bucket.outputs);
  if (code == nullptr) return Answered::unavailable;
  const std::shared_ptr<const EpochValues> values = epochs_.take(bucket.epoch, bucket.slot);
  if (values == nullptr) return Answered::unavailable;
  const Block* const base_b = values->data() + bucket.slot * tree_count;
  const Setting setting = {kernel_, *code, form_};
  const bool is_consistent = vole::answer(setting, seeds_[0], bucket.instance, seed, base_b, choices, trees, workspace);
  return is_consistent ? Answered::done : Answered::inconsistent;
}

}  // namespace causeway::vole
