#include "sum/kernel.h"

#include "sum/function-tables.h"

namespace causeway {

const SumFunctions& sum_functions(CpuClass cpu_class) {
  switch (cpu_class) {
#if defined(__x86_64__)
    case CpuClass::ifma:
      return ifma_sum_functions;
    case CpuClass::avx2:
      return avx2_sum_functions;
#endif
    default:
      return portable_sum_functions;
  }
}

}  // namespace causeway
