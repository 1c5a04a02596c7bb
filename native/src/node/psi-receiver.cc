/** The receiver of psi/vole for JavaScript. */
#include "node/define.h"
#include "node/psi-arguments.h"
#include "node/psi-session.h"
#include "secret/wipe.h"

namespace causeway {

namespace {

using psi::Verdict;

/** psiReceiver(class, low, keys, binCount, tagBits, seeds for 0, seeds for 1): a session. */
napi_value open(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  const SessionArguments read = session_arguments(arguments);
  const Blocks zero(arguments, "zero", vole::column_count), one(arguments, "one", vole::column_count);
  if (arguments.failed()) return nullptr;
  vole::ReceiverSeeds seeds;
  for (std::size_t i = 0; i < vole::column_count; i++) {
    seeds.zero[i] = zero[i];
    seeds.one[i] = one[i];
  }
  const napi_value session =
      Handle<ReceiverHandle>::make(env, std::make_shared<ReceiverHandle>(read.run, seeds, read.codes));
  wipe(&seeds, sizeof seeds);
  return session;
}

/** psiBeginEpoch(pool, session, …epoch_of): [epoch-choices]. */
napi_value begin_epoch(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  PoolHandle* const pool = arguments.pool();
  const auto session = session_of<ReceiverHandle>(env, arguments);
  const EpochArguments read = epoch_of(arguments);
  if (arguments.failed()) return nullptr;
  std::uint8_t* const choices =
      arguments.output(vole::setup_choice_bytes(vole::Geometry{read.outputs}, session->run().form));
  return submit(arguments, pool, 1, [=] {
    const bool done = session->vole().begin_setup(read.epoch, read.outputs, read.instances, read.seed, choices);
    return done ? Verdict::done : Verdict::out_of_order;
  });
}

/** psiFinishEpoch(pool, session, epoch, outputs, trees): []. */
napi_value finish_epoch(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  PoolHandle* const pool = arguments.pool();
  const auto session = session_of<ReceiverHandle>(env, arguments);
  const std::size_t epoch = arguments.count("epoch", 0, 1 << 16);
  const std::size_t outputs = outputs_of(arguments);
  const Input trees = arguments.bytes("trees", vole::Geometry{outputs}.tree_bytes());
  return submit(arguments, pool, 0, [=] {
    return session->vole().finish_setup(epoch, trees.data) ? Verdict::done : Verdict::out_of_order;
  });
}

/** psiForgetEpoch(session, epoch). */
napi_value forget_epoch(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  const auto session = session_of<ReceiverHandle>(env, arguments);
  const std::size_t epoch = arguments.count("epoch", 0, 1 << 16);
  if (!arguments.failed()) session->vole().forget(epoch);
  return nullptr;
}

/** psiBegin(pool, session, …bucket_of, rows): [choices]. */
napi_value begin(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  PoolHandle* const pool = arguments.pool();
  const auto session = session_of<ReceiverHandle>(env, arguments);
  const BucketArguments read = bucket_of(arguments);
  const Input rows = arguments.rows("rows", sizeof(Block));
  if (arguments.failed()) return nullptr;
  std::uint8_t* const choices = arguments.output(vole::Geometry{read.call.vole.outputs}.choice_bytes());
  return submit(arguments, pool, 1,
                [=] { return session->begin(read.call, rows.data, rows.length / sizeof(Block), read.seed, choices); });
}

/** psiRespond(pool, session, bucket, trees, seed): [okvs, one byte: whether the keys are in it]. */
napi_value respond(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  PoolHandle* const pool = arguments.pool();
  const auto session = session_of<ReceiverHandle>(env, arguments);
  if (arguments.failed()) return nullptr;
  auto state = take_state(arguments, *session);
  if (arguments.failed()) return nullptr;
  const Input trees = arguments.bytes("trees", vole::Geometry{state->call.vole.outputs}.tree_bytes());
  const Blocks blocks(arguments, "seed", 1);
  if (arguments.failed()) return nullptr;
  const Block seed = blocks[0];
  std::uint8_t* const okvs = arguments.output(psi::bucket_of(session->run(), state->call).okvs_bytes());
  std::uint8_t* const flag = arguments.output(1);
  return submit(arguments, pool, 2, [=, state = std::move(state)]() mutable {
    bool is_encoded = false;
    const Verdict verdict = session->respond(std::move(state), trees.data, seed, okvs, is_encoded);
    *flag = is_encoded;
    return verdict;
  });
}

/** psiJoin(pool, session, bucket, tags): [a bit for each row, match]. */
napi_value join(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  PoolHandle* const pool = arguments.pool();
  const auto session = session_of<ReceiverHandle>(env, arguments);
  if (arguments.failed()) return nullptr;
  auto state = take_state(arguments, *session);
  if (arguments.failed()) return nullptr;
  const psi::TagShape shape = psi::bucket_of(session->run(), state->call).tags;
  const Input tags = arguments.bytes("tags", shape.bytes());
  std::uint8_t* const row_bits = arguments.output((state->bucket.row_count() + 7) / 8);
  std::uint8_t* const match_bits = arguments.output((shape.count + 7) / 8);
  return submit(arguments, pool, 2, [=, state = std::move(state)]() mutable {
    return psi::ReceiverSession::join(std::move(state), tags.data, row_bits, match_bits);
  });
}

/** psiCloseReceiver(session). */
napi_value close(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  const napi_value session = arguments.any();
  if (!arguments.failed()) Handle<ReceiverHandle>::close(env, session);
  return nullptr;
}

}  // namespace

void define_psi_receiver(napi_env env, napi_value exports) {
  define_function(env, exports, "psiReceiver", &open);
  define_function(env, exports, "psiBeginEpoch", &begin_epoch);
  define_function(env, exports, "psiFinishEpoch", &finish_epoch);
  define_function(env, exports, "psiForgetReceiverEpoch", &forget_epoch);
  define_function(env, exports, "psiBegin", &begin);
  define_function(env, exports, "psiRespond", &respond);
  define_function(env, exports, "psiJoin", &join);
  define_function(env, exports, "psiCloseReceiver", &close);
}

}  // namespace causeway
