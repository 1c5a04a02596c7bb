#include "portable.h"

#include "kernel-functions.h"

namespace causeway {

const BlockKernel blockKernelPortable = KernelFunctions<Portable>::table();

}  // namespace causeway
