/**
 * The VOLE relation C = A * Delta + B at every stage, for every pair of classes that the two sides may run, and the
 * same messages from every class.
 */
#include "vole/vole.h"

#include <vector>

#include "blocks.h"
#include "check.h"

namespace {

using causeway::Block;
using causeway::block_kernel_portable;
using causeway::CpuClass;
using causeway::Form;
using causeway::SecretBuffer;
using causeway::vole::answer;
using causeway::vole::Code;
using causeway::vole::CodeTables;
using causeway::vole::extension_bytes;
using causeway::vole::ExtensionInstance;
using causeway::vole::Geometry;
using causeway::vole::Instance;
using causeway::vole::ReceiverBase;
using causeway::vole::ReceiverSeeds;
using causeway::vole::ReceiverState;
using causeway::vole::SenderSeeds;
using causeway::vole::Setting;
using causeway::vole::tree_count;
using causeway::vole::vole_kernel;
using causeway::vole::VoleKernel;

constexpr Form forms[] = {Form::fast, Form::low};

std::vector<CpuClass> available_classes() {
  std::vector<CpuClass> classes;
  for (CpuClass each : causeway::cpu_classes) {
    if (causeway::is_available(each)) classes.push_back(each);
  }
  return classes;
}

std::uint64_t bit(Block b, std::size_t i) { return (i < 64 ? b.lo >> i : b.hi >> (i - 64)) & 1; }

/** a * Delta, as the form has it. */
Block times_delta(Form form, Block a, Block delta) {
  Block out;
  if (form == Form::fast) block_kernel_portable.multiply(&out, &a, &delta, 1);
  if (form == Form::low) block_kernel_portable.multiply64(&out, &delta, &a.lo, 1);
  return out;
}

bool related(Form form, Block a, Block b, Block c, Block delta) { return c == (times_delta(form, a, delta) ^ b); }

/** What base OTs leave behind. */
struct Seeds {
  ReceiverSeeds receiver;
  SenderSeeds sender;
};

Seeds deal_seeds(TestRandom& random) {
  Seeds seeds;
  seeds.sender.delta = random.block();
  for (std::size_t i = 0; i < 128; i++) {
    seeds.receiver.zero[i] = random.block();
    seeds.receiver.one[i] = random.block();
    seeds.sender.chosen[i] = bit(seeds.sender.delta, i) ? seeds.receiver.one[i] : seeds.receiver.zero[i];
  }
  return seeds;
}

/** Base values from a dealer. */
struct Base {
  Blocks a, b, c;
};

Base deal_base(TestRandom& random, Form form, Block delta) {
  Base base = {random.blocks(tree_count), random.blocks(tree_count), Blocks(tree_count)};
  for (std::size_t i = 0; i < tree_count; i++) {
    if (form == Form::low) base.a[i].hi = 0;
    base.c[i] = times_delta(form, base.a[i], delta) ^ base.b[i];
  }
  return base;
}

void extension() {
  TestRandom random(1);
  const Seeds seeds = deal_seeds(random);
  const ExtensionInstance instance = {5, random.block()}, other_instance = {6, instance.key};
  for (std::size_t count : {128, 384, 2560}) {
    const Blocks choices = random.blocks(count / 128 + 1);
    std::vector<std::uint8_t> first_message;
    Blocks first_rows;
    for (CpuClass each : available_classes()) {
      const auto& kernel = causeway::block_kernel(each);
      std::vector<std::uint8_t> message(extension_bytes(count));
      Blocks t(count), q(count), other(count);
      extend_receiver(kernel, seeds.receiver, instance, choices.data(), count, message.data(), t.data());
      CHECK(extend_sender(kernel, seeds.sender, instance, message.data(), count, q.data()));
      for (std::size_t j = 0; j < count; j++) {
        CHECK(t[j] == (q[j] ^ (causeway::mask_of(bit(choices[j / 128], j % 128)) & seeds.sender.delta)));
      }
      if (first_message.empty()) first_message = message, first_rows = t;
      CHECK(message == first_message && t == first_rows);
      // Another instance is another part of the streams, and has other proofs.
      CHECK(!extend_sender(kernel, seeds.sender, other_instance, message.data(), count, other.data()));
      CHECK(other != q);
    }
  }
}

/**
 * An R that says another choice in some columns than in the rest. It goes by undetected just where Delta's bits are 0,
 * so it learns what it risked the run for, and no more.
 */
void cheating_extension() {
  TestRandom random(9);
  const Seeds seeds = deal_seeds(random);
  const ExtensionInstance instance = {5, random.block()};
  const std::size_t count = 256, column_bytes = count / 8 + 16;
  const Blocks choices = random.blocks(count / 128 + 1);
  Blocks t(count), q(count);
  const auto is_accepted = [&](const std::vector<std::uint8_t>& message) {
    return extend_sender(block_kernel_portable, seeds.sender, instance, message.data(), count, q.data());
  };

  std::vector<std::uint8_t> honest(extension_bytes(count));
  extend_receiver(block_kernel_portable, seeds.receiver, instance, choices.data(), count, honest.data(), t.data());
  CHECK(is_accepted(honest));
  for (std::size_t place = 0; place < honest.size(); place += place < 128 * column_bytes ? 97 : 1) {
    std::vector<std::uint8_t> wrong = honest;
    wrong[place] ^= 4;
    CHECK(!is_accepted(wrong));  // other columns ask for another proof
  }

  // With another second seed a column of u stands for other choices; t, and so the proof, stay what they are.
  for (std::size_t column = 0; column < 128; column++) {
    ReceiverSeeds cheating = seeds.receiver;
    cheating.one[column] = random.block();
    std::vector<std::uint8_t> message(extension_bytes(count));
    extend_receiver(block_kernel_portable, cheating, instance, choices.data(), count, message.data(), t.data());
    CHECK(is_accepted(message) == (bit(seeds.sender.delta, column) == 0));
  }
  ReceiverSeeds cheating = seeds.receiver;
  for (std::size_t column = 0; column < 128; column++) {
    if (bit(seeds.sender.delta, column) == 0) cheating.one[column] = random.block();
  }
  std::vector<std::uint8_t> message(extension_bytes(count));
  extend_receiver(block_kernel_portable, cheating, instance, choices.data(), count, message.data(), t.data());
  CHECK(is_accepted(message));
}

void base_values() {
  TestRandom random(2);
  const Seeds seeds = deal_seeds(random);
  for (Form form : forms) {
    const std::size_t n = causeway::vole::ots_per_value(form), values = 4, count = values * n;
    const Blocks choices = random.blocks(count / 128 + 1);
    const ExtensionInstance instance = {1, random.block()};
    std::vector<std::uint8_t> message(extension_bytes(count));
    Blocks t(count), q(count), c(values), b(values);
    extend_receiver(block_kernel_portable, seeds.receiver, instance, choices.data(), count, message.data(), t.data());
    CHECK(extend_sender(block_kernel_portable, seeds.sender, instance, message.data(), count, q.data()));
    causeway::vole::sum_rows(form, t.data(), values, c.data());
    causeway::vole::sum_rows(form, q.data(), values, b.data());
    for (std::size_t v = 0; v < values; v++) {
      Block a = {0, 0};
      for (std::size_t j = 0; j < n; j++) {
        (j < 64 ? a.lo : a.hi) |= bit(choices[(v * n + j) / 128], (v * n + j) % 128) << j % 64;
      }
      CHECK(related(form, a, b[v], c[v], seeds.sender.delta));
    }
  }
}

/** All leaves but one, from the sums that the path's siblings take; the leaves are those of the definition. */
void punctured_trees() {
  TestRandom random(3);
  for (unsigned depth : {1u, 2u, 5u, 8u, 10u}) {
    const std::size_t leaf_count = std::size_t{1} << depth;
    const Block keys[2] = {random.block(), random.block()}, root = random.block();
    Blocks expected = {root};
    for (unsigned level = 0; level < depth; level++) {
      Blocks children(2 * expected.size());
      for (std::size_t i = 0; i < children.size(); i++) {
        block_kernel_portable.mmo(&children[i], &expected[i / 2], 1, keys[i % 2]);
      }
      expected = children;
    }
    for (CpuClass each : available_classes()) {
      const VoleKernel& kernel = vole_kernel(each);
      Blocks leaves(leaf_count), sums(2 * depth);
      kernel.grow_tree(leaves.data(), depth, root, keys, sums.data());
      CHECK(leaves == expected);
      for (std::size_t missing = 0; missing < leaf_count; missing += depth < 8 ? 1 : 37) {
        Blocks opened(depth), known(leaf_count, Block{1, 1});
        for (unsigned level = 0; level < depth; level++) {
          opened[level] = sums[2 * level + (~(missing >> (depth - 1 - level)) & 1)];
        }
        const Block sum = kernel.grow_punctured_tree(known.data(), depth, missing, keys, opened.data());
        Block expected_sum = {0, 0};
        for (std::size_t i = 0; i < leaf_count; i++) {
          CHECK(known[i] == (i == missing ? Block{0, 0} : expected[i]));
          expected_sum ^= known[i];
        }
        CHECK(sum == expected_sum);
      }
    }
  }
}

/** In place of a code: the noisy vectors as they are. */
template <std::size_t width>
void keep(const CodeTables&, const Block* x, std::size_t from, std::size_t count, Block*, Block* out) {
  std::memcpy(out + width * from, x, width * count * sizeof(Block));
}
void nothing(const CodeTables&, const Block*, Block*) {}

void noisy_vectors(std::size_t outputs, CpuClass cpu_class) {
  TestRandom random(4);
  VoleKernel kernel = vole_kernel(cpu_class);
  for (auto& of_form : kernel.codes) {
    of_form[0] = {keep<1>, nothing, nothing};
    of_form[1] = {keep<2>, nothing, nothing};
  }
  const Code code(block_kernel_portable, outputs, random.block());
  const Geometry geometry{outputs};
  for (Form form : forms) {
    const Setting setting = {kernel, code, form};
    const Seeds seeds = deal_seeds(random);
    const Base base = deal_base(random, form, seeds.sender.delta);
    const Instance instance = {7, random.block(), random.block()};
    std::vector<std::uint8_t> choices(geometry.choice_bytes()), trees(geometry.tree_bytes());
    SecretBuffer<Block> both(receiver_workspace(geometry)), b(sender_workspace(geometry));
    const ReceiverState state = begin(setting, seeds.receiver, instance, random.block(), choices.data());
    CHECK(
        answer(setting, seeds.sender, instance, random.block(), base.b.data(), choices.data(), trees.data(), b.data()));
    finish(setting, instance, state, {base.a.data(), base.c.data()}, trees.data(), both.data());
    std::size_t noise = 0;
    for (std::size_t i = 0; i < geometry.length(); i++) {
      CHECK(related(form, both[2 * i], b[i], both[2 * i + 1], seeds.sender.delta));
      if (both[2 * i] == Block{0, 0}) continue;
      CHECK(both[2 * i] == base.a[i / geometry.leaves()]);
      noise++;
    }
    CHECK(noise == tree_count);
  }
}

/** A set-up and two buckets out of it. */
struct Run {
  std::vector<std::vector<std::uint8_t>> messages;
  Blocks a, b, c;
};

Run run(Form form, std::size_t setup_outputs, std::size_t outputs, CpuClass receiver_class, CpuClass sender_class) {
  TestRandom random(5);
  const Seeds seeds = deal_seeds(random);
  const Block delta = seeds.sender.delta;
  const Code setup_code(block_kernel_portable, setup_outputs, random.block());
  const Code code(block_kernel_portable, outputs, random.block());
  const Geometry setup_geometry{setup_outputs}, geometry{outputs};
  Run result;

  const Setting setup_r = {vole_kernel(receiver_class), setup_code, form};
  const Setting setup_s = {vole_kernel(sender_class), setup_code, form};
  const causeway::vole::SetupInstances instances = {100, {101, random.block(), random.block()}};
  std::vector<std::uint8_t> choices(setup_choice_bytes(setup_geometry, form)), trees(setup_geometry.tree_bytes());
  SecretBuffer<Block> base_ac(receiver_workspace(setup_geometry)), base_b(sender_workspace(setup_geometry));
  const auto setup = begin_setup(setup_r, seeds.receiver, instances, random.block(), choices.data());
  CHECK(answer_setup(setup_s, seeds.sender, instances, random.block(), choices.data(), trees.data(), base_b.data()));
  finish_setup(setup_r, instances, setup, trees.data(), base_ac.data());
  result.messages = {choices, trees};
  for (std::size_t i = 0; i < setup_outputs; i++) {
    CHECK(related(form, base_ac[i], base_b[i], base_ac[setup_outputs + i], delta));
  }

  const Setting r = {vole_kernel(receiver_class), code, form}, s = {vole_kernel(sender_class), code, form};
  for (std::uint64_t bucket = 0; bucket < 2; bucket++) {
    const Instance instance = {bucket, random.block(), random.block()};
    const std::size_t slice = bucket * tree_count;
    choices.resize(geometry.choice_bytes());
    trees.resize(geometry.tree_bytes());
    SecretBuffer<Block> ac(receiver_workspace(geometry)), b(sender_workspace(geometry));
    const ReceiverState state = begin(r, seeds.receiver, instance, random.block(), choices.data());
    CHECK(answer(s, seeds.sender, instance, random.block(), base_b.data() + slice, choices.data(), trees.data(),
                 b.data()));
    const ReceiverBase base = {base_ac.data() + slice, base_ac.data() + setup_outputs + slice};
    finish(r, instance, state, base, trees.data(), ac.data());
    for (std::size_t i = 0; i < outputs; i++) {
      CHECK(related(form, ac[i], b[i], ac[outputs + i], delta));
      if (form == Form::low) CHECK(ac[i].hi == 0);
    }
    result.messages.insert(result.messages.end(), {choices, trees});
    result.a.insert(result.a.end(), ac.data(), ac.data() + outputs);
    result.b.insert(result.b.end(), b.data(), b.data() + outputs);
    result.c.insert(result.c.end(), ac.data() + outputs, ac.data() + 2 * outputs);
  }
  return result;
}

void whole_runs() {
  for (Form form : forms) {
    const Run expected = run(form, 512, 8192, CpuClass::portable, CpuClass::portable);
    for (CpuClass receiver : available_classes()) {
      for (CpuClass sender : available_classes()) {
        const Run other = run(form, 512, 8192, receiver, sender);
        CHECK(other.messages == expected.messages);
        CHECK(other.a == expected.a && other.b == expected.b && other.c == expected.c);
      }
    }
  }
  for (std::size_t outputs_log2 : {15, 16, 17}) {
    const CpuClass best = available_classes().front();
    run(Form::fast, 8192, std::size_t{1} << outputs_log2, best, best);
  }
}

/** A tree's message with a wrong bit makes wrong outputs, and nothing else. */
void wrong_trees() {
  TestRandom random(6);
  const Geometry geometry{512};
  const Code code(block_kernel_portable, geometry.outputs, random.block());
  const Setting setting = {vole_kernel(CpuClass::portable), code, Form::fast};
  const Seeds seeds = deal_seeds(random);
  const Base base = deal_base(random, Form::fast, seeds.sender.delta);
  const Instance instance = {1, random.block(), random.block()};
  std::vector<std::uint8_t> choices(geometry.choice_bytes()), trees(geometry.tree_bytes());
  SecretBuffer<Block> ac(receiver_workspace(geometry)), b(sender_workspace(geometry));
  const ReceiverState state = begin(setting, seeds.receiver, instance, random.block(), choices.data());
  CHECK(answer(setting, seeds.sender, instance, random.block(), base.b.data(), choices.data(), trees.data(), b.data()));
  trees[geometry.tree_stride() - 1] ^= 1;
  finish(setting, instance, state, {base.a.data(), base.c.data()}, trees.data(), ac.data());
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < geometry.outputs; i++) {
    if (!related(Form::fast, ac[i], b[i], ac[geometry.outputs + i], seeds.sender.delta)) wrong++;
  }
  CHECK(wrong > geometry.outputs / 4);
}

}  // namespace

int main() {
  extension();
  cheating_extension();
  base_values();
  punctured_trees();
  for (CpuClass each : available_classes()) {
    for (std::size_t outputs : {512, 8192}) noisy_vectors(outputs, each);
  }
  whole_runs();
  wrong_trees();
  return 0;
}
