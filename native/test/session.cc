/** Sessions: the relation over an epoch's buckets, done at the same time; and that what is used once cannot be used
 * twice. */
#include "vole/session.h"

#include <pthread.h>

#include <vector>

#include "blocks.h"
#include "check.h"

namespace {

using causeway::Block;
using causeway::CpuClass;
using causeway::Form;
using causeway::SecretBuffer;
using causeway::vole::Answered;
using causeway::vole::BucketVole;
using causeway::vole::CodeSeeds;
using causeway::vole::Geometry;
using causeway::vole::Instance;
using causeway::vole::ReceiverSeeds;
using causeway::vole::ReceiverSession;
using causeway::vole::ReceiverState;
using causeway::vole::SenderSeeds;
using causeway::vole::SenderSession;
using causeway::vole::SetupInstances;

using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t setup_outputs = std::size_t{1} << 13, outputs = std::size_t{1} << 15;
constexpr Geometry setup_geometry{setup_outputs}, geometry{outputs};

CpuClass best() {
  for (CpuClass each : causeway::cpu_classes) {
    if (causeway::is_available(each)) return each;
  }
  return CpuClass::portable;
}

struct Sessions {
  explicit Sessions(TestRandom& random, ReceiverSeeds r = {}, SenderSeeds s = {}) {
    CodeSeeds codes;
    for (Block& seed : codes.seed) seed = random.block();
    s.delta = random.block();
    for (std::size_t i = 0; i < 128; i++) {
      r.zero[i] = random.block();
      r.one[i] = random.block();
      s.chosen[i] = (i < 64 ? s.delta.lo >> i : s.delta.hi >> (i - 64)) & 1 ? r.one[i] : r.zero[i];
    }
    receiver = std::make_unique<ReceiverSession>(best(), Form::fast, r, codes);
    sender = std::make_unique<SenderSession>(CpuClass::portable, Form::fast, s, codes);
    instances = {100, {101, random.block(), random.block()}};
  }

  void set_up(TestRandom& random, std::uint64_t epoch) {
    Bytes choices(setup_choice_bytes(setup_geometry, Form::fast)), trees(setup_geometry.tree_bytes());
    CHECK(receiver->begin_setup(epoch, setup_outputs, instances, random.block(), choices.data()));
    CHECK(sender->answer_setup(epoch, setup_outputs, instances, random.block(), choices.data(), trees.data()) ==
          Answered::done);
    CHECK(receiver->finish_setup(epoch, trees.data()));
  }

  std::unique_ptr<ReceiverSession> receiver;
  std::unique_ptr<SenderSession> sender;
  SetupInstances instances;
};

/** One bucket at both sides. @returns whether all calls were accepted. */
bool run_bucket(Sessions& sessions, const BucketVole& bucket, std::uint64_t seed) {
  TestRandom random(seed);
  Bytes choices(geometry.choice_bytes()), trees(geometry.tree_bytes());
  SecretBuffer<Block> ac(receiver_workspace(geometry)), b(sender_workspace(geometry));
  ReceiverState state;
  if (!sessions.receiver->begin(bucket, random.block(), choices.data(), state)) return false;
  const Answered answered = sessions.sender->answer(bucket, random.block(), choices.data(), trees.data(), b.data());
  CHECK(answered != Answered::inconsistent);
  if (answered == Answered::unavailable) return false;
  if (!sessions.receiver->finish(bucket, state, trees.data(), ac.data())) return false;
  const Block delta = sessions.sender->delta();
  for (std::size_t i = 0; i < outputs; i++) {
    Block product;
    causeway::block_kernel_portable.multiply(&product, &ac[i], &delta, 1);
    CHECK(ac[outputs + i] == (product ^ b[i]));
  }
  return true;
}

struct Task {
  Sessions* sessions;
  BucketVole bucket;
};

void* run_task(void* argument) {
  const Task& task = *static_cast<const Task*>(argument);
  CHECK(run_bucket(*task.sessions, task.bucket, task.bucket.slot));
  return nullptr;
}

void buckets_at_the_same_time() {
  TestRandom random(1);
  Sessions sessions(random);
  sessions.set_up(random, 0);
  std::vector<Task> tasks;
  for (std::size_t slot = 0; slot < 4; slot++) {
    tasks.push_back({&sessions, {0, slot, outputs, {slot, random.block(), random.block()}}});
  }
  std::vector<pthread_t> threads(tasks.size());
  for (std::size_t i = 0; i < tasks.size(); i++) CHECK(pthread_create(&threads[i], nullptr, run_task, &tasks[i]) == 0);
  for (pthread_t thread : threads) pthread_join(thread, nullptr);
}

void nothing_twice() {
  TestRandom random(2);
  Sessions sessions(random);
  const auto bucket = [&](std::uint64_t epoch, std::size_t slot, std::uint64_t number) {
    return BucketVole{epoch, slot, outputs, Instance{number, random.block(), random.block()}};
  };
  CHECK(!run_bucket(sessions, bucket(0, 0, 0), 1));  // before the set-up
  sessions.set_up(random, 0);
  CHECK(run_bucket(sessions, bucket(0, 0, 1), 2));
  CHECK(!run_bucket(sessions, bucket(0, 0, 2), 3));  // a slice again
  CHECK(!run_bucket(sessions, bucket(0, 1, 1), 4));  // an instance again
  CHECK(!run_bucket(sessions, bucket(0, setup_outputs / 256, 3), 5));
  CHECK(!run_bucket(sessions, bucket(1, 0, 4), 6));
  BucketVole other_size = bucket(0, 2, 5);
  other_size.outputs = std::size_t{1} << 14;
  CHECK(!run_bucket(sessions, other_size, 7));
  CHECK(run_bucket(sessions, bucket(0, setup_outputs / 256 - 1, 6), 8));

  Bytes choices(setup_choice_bytes(setup_geometry, Form::fast)), trees(setup_geometry.tree_bytes());
  const auto& instances = sessions.instances;
  CHECK(!sessions.receiver->begin_setup(0, setup_outputs, instances, random.block(), choices.data()));
  CHECK(!sessions.receiver->finish_setup(0, trees.data()));
  CHECK(sessions.sender->answer_setup(0, setup_outputs, instances, random.block(), choices.data(), trees.data()) ==
        Answered::unavailable);
  CHECK(sessions.sender->answer_setup(1, setup_outputs, instances, random.block(), choices.data(), trees.data()) ==
        Answered::inconsistent);
  const BucketVole cheated = bucket(0, 4, 8);
  SecretBuffer<Block> b(sender_workspace(geometry));
  CHECK(sessions.sender->answer(cheated, random.block(), choices.data(), trees.data(), b.data()) ==
        Answered::inconsistent);

  sessions.receiver->forget(0);
  sessions.sender->forget(0);
  CHECK(!run_bucket(sessions, bucket(0, 3, 7), 9));
  CHECK(!sessions.receiver->begin_setup(0, setup_outputs, instances, random.block(), choices.data()));
}

}  // namespace

int main() {
  buckets_at_the_same_time();
  nothing_twice();
  return 0;
}
