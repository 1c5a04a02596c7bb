#include "group/field-portable.h"
#include "sum/kernel.h"

namespace causeway {
namespace {

/** The lane of bit 0. */
CAUSEWAY_INLINE Mask lanes_of(std::uint32_t bits) { return Mask::all(0 - std::uint64_t{bits & 1}); }

/** Coordinates of the lane's row. */
CAUSEWAY_INLINE void load_addends(const AddendRow* const (&rows)[1], Fe (&out)[3]) {
  for (int i = 0; i < 3; i++) out[i] = Fe::of(rows[0]->limb[i]);
}

}  // namespace
}  // namespace causeway

#include "sum/function-tables.h"
#include "sum/functions.h"

namespace causeway {

extern const SumFunctions portable_sum_functions = {
    &encrypt_rows<Fe>, &decode_rows<Fe>, &weigh_pairs<Fe>, &blind_rows<Fe>, &walk_points<Fe>, Fe::lanes,
};

}  // namespace causeway
