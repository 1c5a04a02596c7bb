#include "group/field-ifma.h"

namespace causeway {
namespace {

/** Lane i from bit i. */
CAUSEWAY_INLINE Mask lanes_of(std::uint32_t bits) { return {static_cast<__mmask8>(bits)}; }

}  // namespace
}  // namespace causeway

#include "sum/function-tables.h"
#include "sum/functions.h"

namespace causeway {

extern const SumFunctions ifma_sum_functions = {
    &encrypt_rows<Fe>, &decode_rows<Fe>, &blind_rows<Fe>, &walk_points<Fe>, Fe::lanes,
};

}  // namespace causeway
