#include "group/field-portable.h"
// Rules for the representation above.
#include "field-rules.h"

namespace causeway {
namespace {

Bounds bounds(int) {
  constexpr std::uint64_t product = (std::uint64_t{1} << 51) + (1 << 15);
  constexpr std::uint64_t sum = 3 * product + (std::uint64_t{1} << 52);
  return {sum, 2 * sum, product, sum};
}

}  // namespace
}  // namespace causeway

int main() { causeway::check_field(); }
