#include "group/field-avx2.h"
#include "sum/kernel.h"

namespace causeway {
namespace {

/** Lane i from bit i. */
CAUSEWAY_INLINE Mask lanes_of(std::uint32_t bits) {
  const __m256i own = _mm256_set_epi64x(8, 4, 2, 1);
  return {_mm256_cmpeq_epi64(_mm256_and_si256(each(bits), own), own)};
}

/** Coordinates of each lane's row. */
CAUSEWAY_INLINE void load_addends(const AddendRow* const (&rows)[4], Fe (&out)[3]) {
  CAUSEWAY_UNROLL for (int i = 0; i < 3; i++) {
    CAUSEWAY_UNROLL for (int k = 0; k < 5; k++) {
      const auto limb = [&](int lane) { return static_cast<long long>(rows[lane]->limb[i][k]); };
      const __m256i limbs = _mm256_set_epi64x(limb(3), limb(2), limb(1), limb(0));
      out[i].at[2 * k] = _mm256_and_si256(limbs, each(ones(0)));
      out[i].at[2 * k + 1] = _mm256_srli_epi64(limbs, 26);
    }
  }
}

}  // namespace
}  // namespace causeway

#include "sum/function-tables.h"
#include "sum/functions.h"

namespace causeway {

extern const SumFunctions avx2_sum_functions = {
    &encrypt_rows<Fe>, &decode_rows<Fe>, &weigh_pairs<Fe>, &blind_rows<Fe>, &walk_points<Fe>, Fe::lanes,
};

}  // namespace causeway
