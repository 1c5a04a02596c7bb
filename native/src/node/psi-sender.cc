/** The sender of psi/vole for JavaScript. */
#include "node/define.h"
#include "node/psi-arguments.h"
#include "node/psi-session.h"
#include "secret/wipe.h"

namespace causeway {

namespace {

using psi::Verdict;

/** psiSender(class, low, keys, binCount, tagBits, delta, chosen seeds): a session. */
napi_value open(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  const SessionArguments read = session_arguments(arguments);
  const Blocks delta(arguments, "delta", 1), chosen(arguments, "chosen", vole::column_count);
  if (arguments.failed()) return nullptr;
  vole::SenderSeeds seeds;
  seeds.delta = delta[0];
  for (std::size_t i = 0; i < vole::column_count; i++) seeds.chosen[i] = chosen[i];
  const napi_value session =
      Handle<SenderHandle>::make(env, std::make_shared<SenderHandle>(read.run, seeds, read.codes));
  wipe(&seeds, sizeof seeds);
  return session;
}

/** psiAnswerEpoch(pool, session, …epoch_of, choices): [epoch-trees]. */
napi_value answer_epoch(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  PoolHandle* const pool = arguments.pool();
  const auto session = session_of<SenderHandle>(env, arguments);
  const EpochArguments read = epoch_of(arguments);
  if (arguments.failed()) return nullptr;
  const vole::Geometry geometry{read.outputs};
  const Input choices = arguments.bytes("choices", vole::setup_choice_bytes(geometry, session->run().form));
  std::uint8_t* const trees = arguments.output(geometry.tree_bytes());
  return submit(arguments, pool, 1, [=] {
    return psi::verdict_of(
        session->vole().answer_setup(read.epoch, read.outputs, read.instances, read.seed, choices.data, trees));
  });
}

/** psiForgetEpoch(session, epoch). */
napi_value forget_epoch(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  const auto session = session_of<SenderHandle>(env, arguments);
  const std::size_t epoch = arguments.count("epoch", 0, 1 << 16);
  if (!arguments.failed()) session->vole().forget(epoch);
  return nullptr;
}

/** psiAnswer(pool, session, …bucket_of, choices): [trees]. */
napi_value answer(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  PoolHandle* const pool = arguments.pool();
  const auto session = session_of<SenderHandle>(env, arguments);
  const BucketArguments read = bucket_of(arguments);
  if (arguments.failed()) return nullptr;
  const vole::Geometry geometry{read.call.vole.outputs};
  const Input choices = arguments.bytes("choices", geometry.choice_bytes());
  std::uint8_t* const trees = arguments.output(geometry.tree_bytes());
  return submit(arguments, pool, 1, [=] { return session->answer(read.call, read.seed, choices.data, trees); });
}

/** psiTags(pool, session, bucket, okvs, rows, seed): [tags]. */
napi_value tags(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  PoolHandle* const pool = arguments.pool();
  const auto session = session_of<SenderHandle>(env, arguments);
  if (arguments.failed()) return nullptr;
  auto state = take_state(arguments, *session);
  if (arguments.failed()) return nullptr;
  const psi::Bucket bucket = psi::bucket_of(session->run(), state->call);
  const Input okvs = arguments.bytes("okvs", bucket.okvs_bytes());
  const Input rows = arguments.rows("rows", sizeof(Block));
  const Blocks blocks(arguments, "seed", 1);
  if (arguments.failed()) return nullptr;
  const Block seed = blocks[0];
  std::uint8_t* const out = arguments.output(bucket.tags.bytes());
  return submit(arguments, pool, 1, [=, state = std::move(state)]() mutable {
    return session->tag(std::move(state), rows.data, rows.length / sizeof(Block), okvs.data, seed, out);
  });
}

/** psiMatched(pool, session, bucket, match): [a bit for each row]. */
napi_value matched(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  PoolHandle* const pool = arguments.pool();
  const auto session = session_of<SenderHandle>(env, arguments);
  if (arguments.failed()) return nullptr;
  auto state = take_state(arguments, *session);
  if (arguments.failed()) return nullptr;
  const Input match = arguments.bytes("match", (state->call.tag_count + 7) / 8);
  std::uint8_t* const row_bits = arguments.output(((state->bucket ? state->bucket->row_count() : 0) + 7) / 8);
  return submit(arguments, pool, 1, [=, state = std::move(state)]() mutable {
    return psi::SenderSession::matched(std::move(state), match.data, row_bits);
  });
}

/** psiCloseSender(session). */
napi_value close(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  const napi_value session = arguments.any();
  if (!arguments.failed()) Handle<SenderHandle>::close(env, session);
  return nullptr;
}

}  // namespace

void define_psi_sender(napi_env env, napi_value exports) {
  define_function(env, exports, "psiSender", &open);
  define_function(env, exports, "psiAnswerEpoch", &answer_epoch);
  define_function(env, exports, "psiForgetSenderEpoch", &forget_epoch);
  define_function(env, exports, "psiAnswer", &answer);
  define_function(env, exports, "psiTags", &tags);
  define_function(env, exports, "psiMatched", &matched);
  define_function(env, exports, "psiCloseSender", &close);
}

}  // namespace causeway
