#include "group/field-portable.h"

namespace causeway {
namespace {

/** The lane of bit 0. */
CAUSEWAY_INLINE Mask lanes_of(std::uint32_t bits) { return Mask::all(0 - std::uint64_t{bits & 1}); }

}  // namespace
}  // namespace causeway

#include "sum/function-tables.h"
#include "sum/functions.h"

namespace causeway {

extern const SumFunctions portable_sum_functions = {
    &encrypt_rows<Fe>, &decode_rows<Fe>, &blind_rows<Fe>, &walk_points<Fe>, Fe::lanes,
};

}  // namespace causeway
