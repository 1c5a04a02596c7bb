#include "avx2.h"

#include "kernel-functions.h"

namespace causeway {

const BlockKernel blockKernelAvx2 = KernelFunctions<Avx2>::table();

}  // namespace causeway
