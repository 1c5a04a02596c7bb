/** Any bytes as encodings of points: every class refuses the same row for the same reason, or computes the same. */
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "group/operations.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace causeway;
  const std::uint8_t scalar[32] = {7, 1, 9, 2, 5};
  static const ScalarDigits digits = ScalarDigits::of_half(scalar);
  const std::size_t row_count = size / element_bytes;
  std::vector<std::uint8_t> first(size);
  Fault first_fault;
  bool is_first = true;
  for (CpuClass cpu_class : cpu_classes) {
    if (!is_available(cpu_class)) continue;
    std::vector<std::uint8_t> out(size);
    const Fault fault = group_kernel(cpu_class).multiply(digits, data, row_count, out.data());
    if (is_first) {
      first = out;
      first_fault = fault;
      is_first = false;
    }
    if (fault.kind != first_fault.kind || fault.row != first_fault.row) std::abort();
    if (fault.kind == Fault::none && out != first) std::abort();
  }
  return 0;
}
