#include "group/field-portable.h"
#include "group/kernel-tables.h"
#include "group/multiply-rows.h"
#include "group/weighted-sums.h"
#include "hash/digest-rows.h"
#include "hash/words-portable.h"

namespace causeway {

extern const GroupKernel portable_group_kernel = {
    groups_per_batch * Fe::lanes,
    &multiply_rows<Fe, FromEncodings>,
    &multiply_rows<Fe, FromUniformBytes>,
    &weighted_sums<Fe>,
    &digest_rows<Words64>,
    &digest_rows<Words32>,
};

}  // namespace causeway
