/** All classes of this processor give the same bytes and the same faults, for any number of rows. */
#include <cstring>
#include <random>
#include <vector>

#include "check.h"
#include "group/operations.h"

namespace {

using namespace causeway;
using Bytes = std::vector<std::uint8_t>;

std::mt19937_64 random_words(1);

Bytes random_bytes(std::size_t length) {
  Bytes out(length);
  for (std::uint8_t& byte : out) byte = static_cast<std::uint8_t>(random_words());
  return out;
}

Bytes random_scalar() {
  Bytes scalar = random_bytes(32);
  scalar[31] &= 0x0f;
  scalar[0] |= 1;
  return scalar;
}

bool same(Fault a, Fault b) { return a.kind == b.kind && (a.kind == Fault::none || a.row == b.row); }

void check_rows(std::size_t row_count) {
  const Bytes keys = random_bytes(16 * row_count), prefix = random_bytes(random_words() % 300);
  const Bytes dst = random_bytes(1 + random_words() % 300), scalar = random_scalar();
  const std::size_t tag_bytes = 1 + random_words() % 32;
  const RowExpansion hash({prefix.data(), prefix.size()}, key_bytes, {}, {dst.data(), dst.size()});
  const RowMessage<4> tag({prefix.data(), prefix.size()}, 32, {});
  const ScalarDigits digits = ScalarDigits::of_half(scalar.data());
  Bytes points, tags;
  Fault fault_of_portable;
  for (std::size_t i = 3; i-- > 0;) {
    const CpuClass cpu_class = cpu_classes[i];
    if (!is_available(cpu_class)) continue;
    const GroupKernel& kernel = group_kernel(cpu_class);
    Bytes own_points(32 * row_count), own_tags(tag_bytes * row_count);
    CHECK(blind(kernel, hash, digits, keys.data(), row_count, own_points.data()).kind == Fault::none);
    CHECK(evaluate(kernel, tag, tag_bytes, digits, own_points.data(), row_count, own_tags.data()).kind == Fault::none);
    if (cpu_class == CpuClass::portable) {
      points = own_points;
      tags = own_tags;
    }
    CHECK(own_points == points);
    CHECK(own_tags == tags);
    if (row_count == 0) continue;
    // Bytes that are no encoding in every second case or so, and the identity: the first of them is named.
    Bytes hostile = points;
    std::mt19937_64 places(row_count);
    for (int k = 0; k < 3; k++) {
      std::uint8_t* const row = hostile.data() + 32 * (places() % row_count);
      for (std::size_t b = 0; b < 32; b++) row[b] = k == 0 ? 0 : static_cast<std::uint8_t>(places());
    }
    Bytes products(32 * row_count);
    const Fault fault = kernel.multiply(digits, hostile.data(), row_count, products.data());
    CHECK(fault.kind != Fault::none);
    if (cpu_class == CpuClass::portable) fault_of_portable = fault;
    CHECK(same(fault, fault_of_portable));
  }
}

void check_identity_of_a_map() {
  // t = 0 maps to the identity (RFC 9496 §4.3.4 with r = 0), so 64 zero bytes do too.
  const Bytes uniform(64 * 3, 0), scalar = random_scalar();
  const ScalarDigits digits = ScalarDigits::of_half(scalar.data());
  for (CpuClass cpu_class : cpu_classes) {
    if (!is_available(cpu_class)) continue;
    Bytes mixed = uniform, out(32 * 3);
    mixed[5] = 1;
    const Fault fault = group_kernel(cpu_class).multiply_mapped(digits, mixed.data(), 3, out.data());
    CHECK(fault.kind == Fault::identity && fault.row == 1);
  }
}

}  // namespace

int main() {
  check_identity_of_a_map();
#if defined(CAUSEWAY_SANITIZED)
  for (std::size_t rows : {0, 1, 7, 8, 9, 17, 65}) check_rows(rows);
#else
  for (std::size_t rows :
       {0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129, 255, 256, 257}) {
    check_rows(rows);
  }
  for (int round = 0; round < 6; round++) check_rows(1000 + random_words() % 1000);
#endif
}
