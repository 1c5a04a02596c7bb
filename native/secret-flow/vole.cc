/**
 * Follows secrets through the silent VOLE, as Langley's ctgrind (2010) does: clang's MemorySanitizer is told that they
 * are uninitialised, and ends the program where a branch or an address depends on one. Exact, and without a clock; of
 * the class `portable`, whose code it can follow. With an argument the program looks a secret up in a table on purpose.
 */
#include "vole/vole.h"

#include <sanitizer/msan_interface.h>

#include "../test/blocks.h"
#include "../test/check.h"

namespace {

using causeway::Block;
using causeway::CpuClass;
using causeway::Form;
using causeway::SecretBuffer;
using causeway::vole::Code;
using causeway::vole::Geometry;
using causeway::vole::Instance;
using causeway::vole::ReceiverSeeds;
using causeway::vole::SenderSeeds;
using causeway::vole::Setting;
using causeway::vole::tree_count;

constexpr Geometry geometry{512};

template <class T>
void hide(T& secret) {
  __msan_poison(&secret, sizeof secret);
}

void hide(Blocks& secrets) { __msan_poison(secrets.data(), secrets.size() * sizeof(Block)); }

Block hidden(Block secret) {
  hide(secret);
  return secret;
}

/** Every result is made of secrets: none was lost on the way. */
void check_hidden(const SecretBuffer<Block>& workspace, std::size_t count) {
  for (std::size_t i = 0; i < count; i++) CHECK(__msan_test_shadow(&workspace[i], sizeof(Block)) == 0);
}

/** For S to check: an honest R, whose secrets nobody follows here. */
void sender(const Setting& setting, TestRandom& random, const Instance& instance) {
  ReceiverSeeds both;
  SenderSeeds seeds;
  seeds.delta = random.block();
  for (std::size_t i = 0; i < 128; i++) {
    both.zero[i] = random.block();
    both.one[i] = random.block();
    seeds.chosen[i] = (i < 64 ? seeds.delta.lo >> i : seeds.delta.hi >> (i - 64)) & 1 ? both.one[i] : both.zero[i];
  }
  std::vector<std::uint8_t> choices(geometry.choice_bytes()), setup_choices(setup_choice_bytes(geometry, setting.form));
  begin(setting, both, instance, random.block(), choices.data());
  begin_setup(setting, both, {1, instance}, random.block(), setup_choices.data());

  hide(seeds);
  Blocks base_b = random.blocks(tree_count);
  hide(base_b);
  std::vector<std::uint8_t> trees(geometry.tree_bytes());
  SecretBuffer<Block> workspace(sender_workspace(geometry));
  CHECK(answer(setting, seeds, instance, hidden(random.block()), base_b.data(), choices.data(), trees.data(),
               workspace.data()));
  check_hidden(workspace, geometry.outputs);
  CHECK(answer_setup(setting, seeds, {1, instance}, hidden(random.block()), setup_choices.data(), trees.data(),
                     workspace.data()));
  check_hidden(workspace, geometry.outputs);
}

/** R's noise is what its own addresses may depend on. */
void receiver(const Setting& setting, TestRandom& random, const Instance& instance) {
  ReceiverSeeds seeds;
  for (std::size_t i = 0; i < 128; i++) {
    seeds.zero[i] = random.block();
    seeds.one[i] = random.block();
  }
  hide(seeds);
  Blocks base_a = random.blocks(tree_count), base_c = random.blocks(tree_count);
  hide(base_a);
  hide(base_c);
  std::vector<std::uint8_t> choices(setup_choice_bytes(geometry, setting.form));
  const std::vector<std::uint8_t> trees(geometry.tree_bytes(), 0x5a);
  SecretBuffer<Block> workspace(receiver_workspace(geometry));
  const auto state = begin(setting, seeds, instance, random.block(), choices.data());
  finish(setting, instance, state, {base_a.data(), base_c.data()}, trees.data(), workspace.data());
  check_hidden(workspace, 2 * geometry.outputs);
  const auto setup = begin_setup(setting, seeds, {1, instance}, random.block(), choices.data());
  finish_setup(setting, {1, instance}, setup, trees.data(), workspace.data());
}

int look_up(const Block& secret) {
  static const int table[4] = {0, 1, 1, 0};
  return table[secret.lo & 3];
}

}  // namespace

int main(int argument_count, char**) {
  TestRandom random(1);
  if (argument_count > 1) return look_up(hidden(random.block()));
  const Code code(causeway::block_kernel_portable, geometry.outputs, random.block());
  const Instance instance = {7, random.block(), random.block()};
  for (Form form : {Form::fast, Form::low}) {
    const Setting setting = {causeway::vole::vole_kernel(CpuClass::portable), code, form};
    sender(setting, random, instance);
    receiver(setting, random, instance);
  }
  return 0;
}
