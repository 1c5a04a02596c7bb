/** Weighted sums of every class against the portable one, and in pieces against the whole. */
#include "group/composites.h"

#include <cstring>
#include <random>
#include <vector>

#include "check.h"
#include "group/operations.h"

namespace {

using namespace causeway;
using Bytes = std::vector<std::uint8_t>;

Bytes random_bytes(std::size_t length, std::mt19937_64* random) {
  Bytes out(length);
  for (std::uint8_t& byte : out) byte = static_cast<std::uint8_t>((*random)());
  return out;
}

Bytes random_points(std::size_t count, std::mt19937_64* random) {
  const Bytes uniform = random_bytes(count * uniform_bytes, random);
  Bytes scalar(32);
  scalar[0] = 5;
  Bytes out(count * element_bytes);
  const Fault fault = group_kernel(CpuClass::portable)
                          .multiply_mapped(ScalarDigits::of_half(scalar.data()), uniform.data(), count, out.data());
  CHECK(fault.kind == Fault::none);
  return out;
}

struct Batch {
  Bytes c, d;
};

Bytes sums_of(CpuClass cpu_class, const Composites& composites, const Batch& batch, std::size_t sum_count) {
  Bytes out(sum_count * element_bytes);
  const Fault fault = composites.sums(group_kernel(cpu_class), batch.c.data(), batch.d.data(), 7,
                                      batch.c.size() / element_bytes, sum_count, out.data());
  CHECK(fault.kind == Fault::none);
  return out;
}

void agree(CpuClass cpu_class, const Composites& composites, const Batch& batch) {
  const Bytes both = sums_of(CpuClass::portable, composites, batch, 2);
  const Bytes of_c(both.begin(), both.begin() + element_bytes);
  CHECK(sums_of(cpu_class, composites, batch, 2) == both);
  CHECK(sums_of(cpu_class, composites, batch, 1) == of_c);
}

/** The sums of two pieces, and an identity that a third might give, are that of the whole. */
void add_up(CpuClass cpu_class, const Composites& composites, const Batch& batch) {
  const GroupKernel& kernel = group_kernel(cpu_class);
  const std::size_t row_count = batch.c.size() / element_bytes, half = row_count / 2;
  Bytes parts(3 * 2 * element_bytes, 0), out(2 * element_bytes);
  composites.sums(kernel, batch.c.data(), batch.d.data(), 7, half, 2, parts.data());
  composites.sums(kernel, batch.c.data() + half * element_bytes, batch.d.data() + half * element_bytes, 7 + half,
                  row_count - half, 2, parts.data() + 2 * element_bytes);
  add_parts(kernel, parts.data(), 3, 2, out.data());
  CHECK(out == sums_of(CpuClass::portable, composites, batch, 2));
  add_parts(kernel, parts.data() + 2 * 2 * element_bytes, 1, 2, out.data());
  CHECK(out == Bytes(2 * element_bytes, 0));
}

/** The earliest row, and of two faults in it the first list's. */
void faults_are_those_of_the_rows(CpuClass cpu_class, const Composites& composites, const Batch& good) {
  const GroupKernel& kernel = group_kernel(cpu_class);
  const std::size_t row_count = good.c.size() / element_bytes;
  const Bytes identity(element_bytes, 0), malformed(element_bytes, 0xff);
  const auto fault_of = [&](std::size_t row, const Bytes* c, const Bytes* d) {
    Batch batch = good;
    if (c) std::memcpy(batch.c.data() + row * element_bytes, c->data(), element_bytes);
    if (d) std::memcpy(batch.d.data() + row * element_bytes, d->data(), element_bytes);
    Bytes out(2 * element_bytes);
    const Fault fault = composites.sums(kernel, batch.c.data(), batch.d.data(), 0, row_count, 2, out.data());
    CHECK(fault.row == row);
    return fault.kind;
  };
  for (std::size_t row = 0; row < row_count; row++) {
    CHECK(fault_of(row, &identity, nullptr) == Fault::identity);
    CHECK(fault_of(row, nullptr, &identity) == Fault::identity);
    CHECK(fault_of(row, nullptr, &malformed) == Fault::malformed);
    CHECK(fault_of(row, &identity, &malformed) == Fault::identity);
    CHECK(fault_of(row, &malformed, &identity) == Fault::malformed);
  }
}

}  // namespace

int main() {
  std::mt19937_64 random(2);
  const Bytes seed = random_bytes(Composites::seed_bytes, &random), dst = random_bytes(40, &random);
  const Composites composites(seed.data(), {dst.data(), dst.size()});
  for (std::size_t row_count : {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 24, 33, 257}) {
    const Batch batch = {random_points(row_count, &random), random_points(row_count, &random)};
    for (CpuClass each : cpu_classes) {
      if (!is_available(each)) continue;
      agree(each, composites, batch);
      if (row_count > 1) add_up(each, composites, batch);
      if (row_count == 17) faults_are_those_of_the_rows(each, composites, batch);
    }
  }
  return 0;
}
