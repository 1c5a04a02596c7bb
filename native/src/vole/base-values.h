/** Values of a VOLE from correlated OTs: a = sum of r_j x^j, and so c = sum of t_j x^j, b = sum of q_j x^j. */
#pragma once

#include "block/block.h"
#include "block/form.h"
#include "vole/geometry.h"

namespace causeway::vole {

/** OTs behind one value: the bits of a. */
constexpr std::size_t ots_per_value(Form form) { return form == Form::fast ? 128 : 64; }

/** Value v from rows v * n to v * n + n - 1, where n = ots_per_value. @param values receives `count`. */
void sum_rows(Form form, const Block* rows, std::size_t count, Block* values);

}  // namespace causeway::vole
