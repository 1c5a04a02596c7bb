/**
 * How long a bucket's silent VOLE takes, in CPU time of one thread. Prints for each class, form and step, as a line of
 * JSON, the milliseconds of every run.
 *
 *   vole [runs] [log2 of the outputs]
 */
#include "vole/vole.h"

#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "../blocks.h"
#include "../check.h"

namespace {

using causeway::Block;
using causeway::CpuClass;
using causeway::Form;
using causeway::SecretBuffer;
using causeway::vole::Code;
using causeway::vole::Geometry;
using causeway::vole::ReceiverSeeds;
using causeway::vole::SenderSeeds;
using causeway::vole::Setting;
using causeway::vole::tree_count;
using causeway::vole::VoleKernel;

double thread_ms() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

struct Step {
  const char* name;
  std::vector<double> ms;

  template <class Run>
  void time(Run run) {
    const double begun = thread_ms();
    run();
    ms.push_back(thread_ms() - begun);
  }

  void print(CpuClass cpu_class, Form form, std::size_t outputs) const {
    std::printf("{\"class\":\"%s\",\"form\":\"%s\",\"outputs\":%zu,\"step\":\"%s\",\"ms\":[", name_of(cpu_class),
                form == Form::fast ? "fast" : "low", outputs, name);
    for (std::size_t i = 0; i < ms.size(); i++) std::printf("%s%.4f", i == 0 ? "" : ",", ms[i]);
    std::printf("]}\n");
  }
};

void measure(CpuClass cpu_class, Form form, std::size_t outputs, std::size_t runs) {
  TestRandom random(1);
  const VoleKernel& kernel = causeway::vole::vole_kernel(cpu_class);
  const Geometry geometry{outputs};
  Step tables = {"code tables", {}}, begin = {"R begin", {}}, answer = {"S answer", {}}, finish = {"R finish", {}};
  const Block code_seed = random.block();
  tables.time([&] { const Code code(*kernel.blocks, outputs, code_seed); });
  const Code code(*kernel.blocks, outputs, code_seed);
  const Setting setting = {kernel, code, form};

  ReceiverSeeds both;
  SenderSeeds chosen;  // Delta is zero.
  for (std::size_t i = 0; i < 128; i++) {
    chosen.chosen[i] = both.zero[i] = random.block();
    both.one[i] = random.block();
  }
  chosen.delta = Block{0, 0};
  const Blocks base = random.blocks(tree_count);
  std::vector<std::uint8_t> choices(geometry.choice_bytes()), trees(geometry.tree_bytes());
  SecretBuffer<Block> ac(receiver_workspace(geometry)), b(sender_workspace(geometry));
  for (std::size_t run = 0; run < runs; run++) {
    const causeway::vole::Instance instance = {run, random.block(), random.block()};
    causeway::vole::ReceiverState state;
    begin.time([&] { state = causeway::vole::begin(setting, both, instance, random.block(), choices.data()); });
    answer.time([&] {
      CHECK(causeway::vole::answer(setting, chosen, instance, random.block(), base.data(), choices.data(), trees.data(),
                                   b.data()));
    });
    finish.time([&] {
      causeway::vole::finish(setting, instance, state, {base.data(), base.data()}, trees.data(), ac.data());
    });
  }
  for (const Step* step : {&tables, &begin, &answer, &finish}) step->print(cpu_class, form, outputs);
}

}  // namespace

int main(int argument_count, char** arguments) {
  const std::size_t runs = argument_count > 1 ? std::strtoul(arguments[1], nullptr, 10) : 9;
  const std::size_t outputs_log2 = argument_count > 2 ? std::strtoul(arguments[2], nullptr, 10) : 17;
  for (CpuClass each : causeway::cpu_classes) {
    if (!causeway::is_available(each)) continue;
    for (Form form : {Form::fast, Form::low}) measure(each, form, std::size_t{1} << outputs_log2, runs);
  }
  return 0;
}
