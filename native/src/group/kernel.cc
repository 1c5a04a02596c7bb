#include "group/kernel.h"

#include "group/kernel-tables.h"

namespace causeway {

const GroupKernel& group_kernel(CpuClass cpu_class) {
  switch (cpu_class) {
#if defined(__x86_64__)
    case CpuClass::ifma:
      return ifma_group_kernel;
    case CpuClass::avx2:
      return avx2_group_kernel;
#endif
    default:
      return portable_group_kernel;
  }
}

}  // namespace causeway
