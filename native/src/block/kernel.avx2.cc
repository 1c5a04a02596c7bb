#include "block/avx2.h"
#include "block/kernel-functions.h"

namespace causeway {

const BlockKernel block_kernel_avx2 = KernelFunctions<Avx2>::table();

}  // namespace causeway
