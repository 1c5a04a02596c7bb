/**
 * Follows the secrets of join/sum, as vole.cc does those of the silent VOLE: of the receiver the scalars of its
 * ciphertexts and the bits in them, which say who is in its list; of the sender the scalars of its tests, and how many
 * values each sum is tested for. Whether an encoding is an element may become known. With an argument the program looks
 * a bit up in a table on purpose.
 *
 * Not followed: how the sender's rows fall into cells (`CellSums`), which steers addresses in its own memory.
 */
#include <sanitizer/msan_interface.h>

#include <vector>

#include "../test/check.h"
#include "sum/gate.h"

namespace {

using namespace causeway;
using Bytes = std::vector<std::uint8_t>;

template <class Values>
void hide(Values& secret) {
  __msan_poison(secret.data(), secret.size() * sizeof secret[0]);
}

/** A result is made of secrets: none was lost on the way. */
void check_hidden(const Bytes& result) {
  for (std::size_t i = 0; i < result.size(); i++) CHECK(__msan_test_shadow(&result[i], 1) == 0);
}

/** What an encryption must not do. */
int look_up(const Bytes& bits) {
  static const int table[2] = {0, 1};
  return table[bits[1] & 1];
}

}  // namespace

int main(int argument_count, char**) {
  constexpr std::size_t rows = 35, length = 7;
  const GroupKernel& group = group_kernel(CpuClass::portable);
  const SumFunctions& functions = sum_functions(CpuClass::portable);

  // Public: a key, and the sum that is tested.
  FixedBase key;
  Bytes known(32, 5), plain(1, 1), sum(ciphertext_bytes);
  functions.encrypt(generator_table(), known.data(), plain.data(), 1, sum.data());
  CHECK(key.set(sum.data()));
  functions.encrypt(key, known.data(), plain.data(), 1, sum.data());

  Bytes seed(seed_bytes, 3), scalars(rows * scalar_bytes), bits(rows, 1), ciphertexts(rows * ciphertext_bytes);
  hide(seed);
  hide(bits);
  if (argument_count > 1) return look_up(bits);
  row_scalars(group, seed.data(), 0, rows, scalars.data());
  check_hidden(scalars);
  functions.encrypt(key, scalars.data(), bits.data(), rows, ciphertexts.data());
  check_hidden(ciphertexts);

  std::vector<std::uint16_t> counts(1, 4);
  hide(counts);
  const GateTests gate = {sum.data(), seed.data(), counts.data(), -2, length};
  Bytes tests(length * ciphertext_bytes);
  CHECK(gate.run(group, functions, key, 0, tests.data()).kind == Fault::none);
  check_hidden(tests);
  return 0;
}
