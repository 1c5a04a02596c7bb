#include "vole/base-values.h"

namespace causeway::vole {

namespace {

/** x * v in GF(2^128), or in both coordinates over GF(2^64). */
Block times_x(Form form, Block v) {
  const std::uint64_t lo_carry = v.lo >> 63, hi_carry = v.hi >> 63;
  if (form == Form::fast) return {v.lo << 1 ^ hi_carry * 0x87, v.hi << 1 ^ lo_carry};
  return {v.lo << 1 ^ lo_carry * 0x1b, v.hi << 1 ^ hi_carry * 0x1b};
}

}  // namespace

void sum_rows(Form form, const Block* rows, std::size_t count, Block* values) {
  const std::size_t n = ots_per_value(form);
  for (std::size_t v = 0; v < count; v++) {
    Block sum = {0, 0};
    for (std::size_t j = n; j-- > 0;) sum = times_x(form, sum) ^ rows[v * n + j];
    values[v] = sum;
  }
}

}  // namespace causeway::vole
