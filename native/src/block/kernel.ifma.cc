#include "ifma.h"

#include "kernel-functions.h"

namespace causeway {

const BlockKernel blockKernelIfma = KernelFunctions<Ifma>::table();

}  // namespace causeway
