#include "psi/session.h"

namespace causeway::psi {

Bucket bucket_of(const Run& run, const BucketCall& call) {
  return {block_kernel(run.cpu_class),
          okvs::okvs_kernel(run.cpu_class, run.form),
          run.hash,
          run.cut,
          call.number * bucket_bins_max,
          call.bin_count,
          call.tag_key,
          {call.tag_count, run.tag_bits}};
}

ReceiverSession::ReceiverSession(const Run& run, const vole::ReceiverSeeds& seeds, const vole::CodeSeeds& codes)
    : run_(run), vole_(run.cpu_class, run.form, seeds, codes) {}

Verdict ReceiverSession::begin(const BucketCall& call, const std::uint8_t* rows, std::size_t row_count, Block seed,
                               std::uint8_t* choices) {
  auto state = std::make_unique<ReceiverBucketState>(
      ReceiverBucketState{call, ReceiverBucket(bucket_of(run_, call), rows, row_count), {}});
  if (!state->bucket.fits()) return Verdict::does_not_fit;
  if (!vole_.begin(call.vole, seed, choices, state->vole)) return Verdict::out_of_order;
  states_.put(call.number, std::move(state));
  return Verdict::done;
}

Verdict ReceiverSession::respond(std::unique_ptr<ReceiverBucketState> state, const std::uint8_t* trees, Block seed,
                                 std::uint8_t* okvs, bool& is_encoded) {
  if (state == nullptr || state->has_responded) return Verdict::out_of_order;
  const BucketCall& call = state->call;
  Workspaces::Lease workspace(workspaces_, vole::receiver_workspace(vole::Geometry{call.vole.outputs}));
  if (!vole_.finish(call.vole, state->vole, trees, workspace.data())) return Verdict::out_of_order;
  const Block* const a = workspace.data();
  is_encoded = state->bucket.respond(a, a + call.vole.outputs, seed, okvs);
  state->vole = {};
  state->has_responded = true;
  const std::size_t number = call.number;
  states_.put(number, std::move(state));
  return Verdict::done;
}

Verdict ReceiverSession::join(std::unique_ptr<ReceiverBucketState> state, const std::uint8_t* tags,
                              std::uint8_t* row_bits, std::uint8_t* match_bits) {
  if (state == nullptr || !state->has_responded) return Verdict::out_of_order;
  return state->bucket.join(tags, row_bits, match_bits) ? Verdict::done : Verdict::malformed;
}

SenderSession::SenderSession(const Run& run, const vole::SenderSeeds& seeds, const vole::CodeSeeds& codes)
    : run_(run), vole_(run.cpu_class, run.form, seeds, codes) {}

Verdict verdict_of(vole::Answered answered) {
  switch (answered) {
    case vole::Answered::done:
      return Verdict::done;
    case vole::Answered::unavailable:
      return Verdict::out_of_order;
    case vole::Answered::inconsistent:
      return Verdict::inconsistent;
  }
  return Verdict::inconsistent;
}

Verdict SenderSession::answer(const BucketCall& call, Block seed, const std::uint8_t* choices, std::uint8_t* trees) {
  const std::size_t columns = call.bin_count * okvs::column_count;
  auto state = std::make_unique<SenderBucketState>(SenderBucketState{call, SecretBuffer<Block>(columns), nullptr});
  {
    Workspaces::Lease workspace(workspaces_, vole::sender_workspace(vole::Geometry{call.vole.outputs}));
    const Verdict verdict = verdict_of(vole_.answer(call.vole, seed, choices, trees, workspace.data()));
    if (verdict != Verdict::done) return verdict;
    std::memcpy(state->b.data(), workspace.data(), columns * sizeof(Block));
  }
  states_.put(call.number, std::move(state));
  return Verdict::done;
}

Verdict SenderSession::tag(std::unique_ptr<SenderBucketState> state, const std::uint8_t* rows, std::size_t row_count,
                           const std::uint8_t* okvs, Block seed, std::uint8_t* tags) {
  if (state == nullptr || state->bucket != nullptr) return Verdict::out_of_order;
  state->bucket = std::make_unique<SenderBucket>(bucket_of(run_, state->call), rows, row_count);
  if (!state->bucket->fits()) return Verdict::does_not_fit;
  state->bucket->tag(state->b.data(), vole_.delta(), okvs, seed, tags);
  state->b = SecretBuffer<Block>();
  const std::size_t number = state->call.number;
  states_.put(number, std::move(state));
  return Verdict::done;
}

Verdict SenderSession::matched(std::unique_ptr<SenderBucketState> state, const std::uint8_t* match_bits,
                               std::uint8_t* row_bits) {
  if (state == nullptr || state->bucket == nullptr) return Verdict::out_of_order;
  state->bucket->matched(match_bits, row_bits);
  return Verdict::done;
}

}  // namespace causeway::psi
