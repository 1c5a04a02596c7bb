#include "block/ifma.h"
#include "block/kernel-functions.h"

namespace causeway {

const BlockKernel block_kernel_ifma = KernelFunctions<Ifma>::table();

}  // namespace causeway
