#include "cpu/cpu-class.h"
#include "group/field-ifma.h"
// Rules for the representation above.
#include "field-rules.h"

namespace causeway {
namespace {

Bounds bounds(int) {
  constexpr std::uint64_t fe = (std::uint64_t{1} << 51) + (1 << 17);
  constexpr std::uint64_t product = std::uint64_t{267} << 52;
  return {fe, fe, product, 3 * product + (std::uint64_t{1} << 61)};
}

}  // namespace
}  // namespace causeway

int main() {
  if (is_available(causeway::CpuClass::ifma)) causeway::check_field();
}
