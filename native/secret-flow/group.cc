/**
 * Follows the secrets of the group through blinding and evaluation, as vole.cc does those of the silent VOLE: the
 * scalar, the keys, and the points that are made of both. Of a point it becomes known whether it is one, and nothing
 * else. With an argument the program looks a digit of the scalar up in a table on purpose.
 */
#include <sanitizer/msan_interface.h>

#include <cstring>
#include <vector>

#include "../test/check.h"
#include "group/operations.h"

namespace {

using namespace causeway;
using Bytes = std::vector<std::uint8_t>;

void hide(Bytes& secret) { __msan_poison(secret.data(), secret.size()); }

/** A result is made of secrets: none was lost on the way. */
void check_hidden(const Bytes& result) {
  for (std::size_t i = 0; i < result.size(); i++) CHECK(__msan_test_shadow(&result[i], 1) == 0);
}

/** What a multiplication must not do: read the one entry of a table that it needs. */
int look_up(const ScalarDigits& digits) {
  static const int table[4] = {0, 1, 1, 0};
  return table[digits[0].is_entry[3] & 3];
}

}  // namespace

int main(int argument_count, char**) {
  constexpr std::size_t rows = 35;
  const GroupKernel& kernel = group_kernel(CpuClass::portable);
  const Bytes prefix(7, 1), dst(9, 2);
  const RowExpansion hash({prefix.data(), prefix.size()}, key_bytes, {}, {dst.data(), dst.size()});
  const RowMessage<4> tag({prefix.data(), prefix.size()}, element_bytes, {});
  Bytes scalar(32, 3), keys(rows * key_bytes, 4), points(rows * element_bytes), tags(rows * 32);
  hide(scalar);
  const ScalarDigits digits = ScalarDigits::of_half(scalar.data());
  if (argument_count > 1) return look_up(digits);
  hide(keys);
  CHECK(blind(kernel, hash, digits, keys.data(), rows, points.data()).kind == Fault::none);
  check_hidden(points);
  CHECK(evaluate(kernel, tag, 32, digits, points.data(), rows, tags.data()).kind == Fault::none);
  check_hidden(tags);
  return 0;
}
