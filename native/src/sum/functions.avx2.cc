#include "group/field-avx2.h"

namespace causeway {
namespace {

/** Lane i from bit i. */
CAUSEWAY_INLINE Mask lanes_of(std::uint32_t bits) {
  const __m256i own = _mm256_set_epi64x(8, 4, 2, 1);
  return {_mm256_cmpeq_epi64(_mm256_and_si256(each(bits), own), own)};
}

}  // namespace
}  // namespace causeway

#include "sum/function-tables.h"
#include "sum/functions.h"

namespace causeway {

extern const SumFunctions avx2_sum_functions = {
    &encrypt_rows<Fe>, &decode_rows<Fe>, &blind_rows<Fe>, &walk_points<Fe>, Fe::lanes,
};

}  // namespace causeway
