/**
 * Looks for secrets in the time that the kernel takes. Prints a line for each function: class, name, |t|. Ends with 1
 * when one leaks, or when the control, which leaks on purpose, is not caught.
 *
 *   constant-time [measurements of each]
 */
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "block/secret-buffer.h"
#include "group/kernel.h"
#include "sum/kernel.h"
#include "vole/vole.h"
#include "welch.h"

namespace {

using causeway::Block;
using causeway::BlockKernel;
using causeway::CpuClass;
using causeway::Form;
using causeway::SecretBuffer;
using causeway::vole::Code;
using causeway::vole::CodeKernel;
using causeway::vole::VoleKernel;

struct Report {
  std::size_t count;
  int leaks = 0;

  template <class Run>
  double measure(const char* cpu_class, const char* name, Run run) const {
    const double t = largest_t(count, run);
    std::printf("%s\t%s\t%.1f\n", cpu_class, name, t);
    std::fflush(stdout);
    return t;
  }

  template <class Run>
  void hold(const char* cpu_class, const char* name, Run run) {
    if (measure(cpu_class, name, run) > t_leak) leaks++;
  }
};

/** A comparison, the way that it must not be done: it stops at the first difference. */
__attribute__((noinline)) bool is_zero_stopping_early(const Block* secret) {
  for (std::size_t i = 0; i < secret_blocks; i++) {
    if (secret[i] != Block{0, 0}) return false;
    __asm__ __volatile__("" ::: "memory");
  }
  return true;
}

void blocks(Report& report, const char* name, const BlockKernel& kernel) {
  Block out[16];
  std::uint64_t labels[16];
  TestRandom random(1);
  for (std::uint64_t& label : labels) label = random.word();
  report.hold(name, "AES-128", [&](const Block* secret) { kernel.encrypt(out, secret, 16, secret[16]); });
  report.hold(name, "TMMO", [&](const Block* secret) { kernel.tmmo(out, secret, secret + 16, 16, Block{1, 2}); });
  report.hold(name, "product in GF(2^128)",
              [&](const Block* secret) { kernel.multiply(out, secret, secret + 16, 16); });
  report.hold(name, "product by labels",
              [&](const Block* secret) { kernel.multiply_by_labels(out, secret, labels, 16); });
  report.hold(name, "product in GF(2^64)", [&](const Block* secret) { kernel.multiply64(out, secret, labels, 16); });
}

void trees_and_codes(Report& report, const char* name, const VoleKernel& kernel) {
  TestRandom random(2);
  const Block keys[2] = {random.block(), random.block()};
  Block leaves[64], sums[12];
  report.hold(name, "tree", [&](const Block* secret) { kernel.grow_tree(leaves, 6, secret[0], keys, sums); });

  const std::size_t outputs = 64;
  const Code code(*kernel.blocks, outputs, random.block());
  SecretBuffer<Block> x(4 * outputs), y(4 * outputs), z(4 * outputs);
  for (Form form : {Form::fast, Form::low}) {
    const CodeKernel& passes = kernel.code(form, 2);
    report.hold(name, form == Form::fast ? "code, fast" : "code, low", [&](const Block* secret) {
      std::memcpy(x.data(), secret, secret_blocks * sizeof(Block));
      Block running[2] = {};
      passes.first(code.tables(), x.data(), 0, 2 * outputs, running, y.data());
      passes.second(code.tables(), y.data(), z.data());
      passes.compress(code.tables(), z.data(), y.data());
    });
  }
}

/** The proof in the message is wrong: S computes it all the same. */
void extension(Report& report, const char* name, const BlockKernel& kernel) {
  causeway::vole::SenderSeeds seeds = {};
  const std::vector<std::uint8_t> message(causeway::vole::extension_bytes(256), 0x5a);
  Block rows[256];
  volatile bool is_consistent = false;
  report.hold(name, "extension, by Delta", [&](const Block* secret) {
    seeds.delta = secret[0];
    is_consistent = extend_sender(kernel, seeds, {1, Block{2, 3}}, message.data(), 256, rows);
  });
}

/** By the scalar, of a fixed point; and by what is hashed to a point, which is no identity when the secret is zero. */
void group(Report& report, const char* name, const causeway::GroupKernel& kernel) {
  using causeway::ScalarDigits;
  std::uint8_t uniform[causeway::uniform_bytes], out[causeway::element_bytes];
  std::memset(uniform, 0x5a, sizeof uniform);
  report.hold(name, "multiplication, by the scalar", [&](const Block* secret) {
    const ScalarDigits digits = ScalarDigits::of_half(reinterpret_cast<const std::uint8_t*>(secret));
    kernel.multiply_mapped(digits, uniform, 1, out);
  });
  const ScalarDigits digits = ScalarDigits::of_half(uniform);
  report.hold(name, "multiplication, by the point", [&](const Block* secret) {
    for (std::size_t i = 0; i < sizeof uniform; i++) {
      uniform[i] = 0x5a ^ reinterpret_cast<const std::uint8_t*>(secret)[i];
    }
    kernel.multiply_mapped(digits, uniform, 1, out);
  });
}

/** By the scalars of a receiver's ciphertexts and the bits in them; by the scalars of a sender's tests. */
void sums(Report& report, const char* name, const causeway::SumFunctions& functions) {
  using namespace causeway;
  std::uint8_t out[8 * ciphertext_bytes];
  report.hold(name, "ciphertext", [&](const Block* secret) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(secret);
    functions.encrypt(generator_table(), bytes, bytes + 8 * scalar_bytes, 8, out);
  });
  PointRow identity = {};
  for (std::size_t i = 0; i < 3; i++) identity.coordinate[i][0] = 1;
  PointRow points[8];
  for (PointRow& point : points) point = identity;
  report.hold(name, "test of a sum", [&](const Block* secret) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(secret);
    functions.blind(generator_table(), {points, points, bytes, bytes + 8 * scalar_bytes}, 8, out);
  });
}

}  // namespace

int main(int argument_count, char** arguments) {
  Report report = {argument_count > 1 ? std::strtoul(arguments[1], nullptr, 10) : 100000};
  // A multiplication takes as long as a hundred of the others.
  Report slow = {report.count / 10};
  volatile bool sink = false;
  const double control =
      report.measure("-", "control: stops early", [&](const Block* secret) { sink = is_zero_stopping_early(secret); });
  for (CpuClass each : causeway::cpu_classes) {
    if (!causeway::is_available(each)) continue;
    const VoleKernel& kernel = causeway::vole::vole_kernel(each);
    blocks(report, name_of(each), *kernel.blocks);
    trees_and_codes(report, name_of(each), kernel);
    extension(report, name_of(each), *kernel.blocks);
    group(slow, name_of(each), causeway::group_kernel(each));
    sums(slow, name_of(each), causeway::sum_functions(each));
  }
  if (control <= t_leak) std::printf("the control was not caught: the measurements say nothing\n");
  return control > t_leak && report.leaks + slow.leaks == 0 ? 0 : 1;
}
