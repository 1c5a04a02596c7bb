#include "group/field-avx2.h"
#include "group/kernel-tables.h"
#include "group/multiply-rows.h"
#include "group/weighted-sums.h"
#include "hash/digest-rows.h"
#include "hash/words-avx2.h"

namespace causeway {

extern const GroupKernel avx2_group_kernel = {
    groups_per_batch * Fe::lanes,
    &multiply_rows<Fe, FromEncodings>,
    &multiply_rows<Fe, FromUniformBytes>,
    &weighted_sums<Fe>,
    &digest_rows<Words64>,
    &digest_rows<Words32>,
};

}  // namespace causeway
