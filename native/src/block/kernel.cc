#include "block/kernel-functions.h"
#include "block/portable.h"

namespace causeway {

const BlockKernel block_kernel_portable = KernelFunctions<Portable>::table();

const BlockKernel& block_kernel(CpuClass cpu_class) {
#if defined(__x86_64__)
  if (cpu_class == CpuClass::ifma) return block_kernel_ifma;
  if (cpu_class == CpuClass::avx2) return block_kernel_avx2;
#endif
  static_cast<void>(cpu_class);
  return block_kernel_portable;
}

}  // namespace causeway
