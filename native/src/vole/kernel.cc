#include "block/portable.h"
#include "vole/code-scalar.h"
#include "vole/tree-functions.h"

namespace causeway::vole {

const VoleKernel vole_kernel_portable = {
    &block_kernel_portable,
    TreeFunctions<Portable>::grow,
    TreeFunctions<Portable>::grow_punctured,
    {{scalar_code<Portable, Form::fast, 1>, scalar_code<Portable, Form::fast, 2>},
     {scalar_code<Portable, Form::low, 1>, scalar_code<Portable, Form::low, 2>}},
};

const VoleKernel& vole_kernel(CpuClass cpu_class) {
#if defined(__x86_64__)
  if (cpu_class == CpuClass::ifma) return vole_kernel_ifma;
  if (cpu_class == CpuClass::avx2) return vole_kernel_avx2;
#endif
  static_cast<void>(cpu_class);
  return vole_kernel_portable;
}

}  // namespace causeway::vole
