/** The kernel of each class, compiled in the file of its suffix. */
#pragma once

#include "group/kernel.h"

namespace causeway {

extern const GroupKernel portable_group_kernel;
#if defined(__x86_64__)
extern const GroupKernel avx2_group_kernel;
extern const GroupKernel ifma_group_kernel;
#endif

}  // namespace causeway
