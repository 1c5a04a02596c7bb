/** The functions of each class, compiled in the file of its suffix. */
#pragma once

#include "sum/kernel.h"

namespace causeway {

extern const SumFunctions portable_sum_functions;
#if defined(__x86_64__)
extern const SumFunctions avx2_sum_functions;
extern const SumFunctions ifma_sum_functions;
#endif

}  // namespace causeway
