#include "cpu/cpu-class.h"
#include "group/field-avx2.h"
// Rules for the representation above.
#include "field-rules.h"

namespace causeway {
namespace {

Bounds bounds(int limb) {
  const bool is_even = limb % 2 == 0;
  const std::uint64_t fe = (std::uint64_t{1} << (is_even ? 26 : 25)) + (1 << 17);
  return {fe, 2 * fe, is_even ? std::uint64_t{1} << 61 : std::uint64_t{5} << 58, ~std::uint64_t{0}};
}

}  // namespace
}  // namespace causeway

int main() {
  if (is_available(causeway::CpuClass::avx2)) causeway::check_field();
}
