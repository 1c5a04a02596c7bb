#include "block/avx2.h"
#include "vole/code-scalar.h"
#include "vole/tree-functions.h"

namespace causeway::vole {

const VoleKernel vole_kernel_avx2 = {
    &block_kernel_avx2,
    TreeFunctions<Avx2>::grow,
    TreeFunctions<Avx2>::grow_punctured,
    {{scalar_code<Avx2, Form::fast, 1>, scalar_code<Avx2, Form::fast, 2>},
     {scalar_code<Avx2, Form::low, 1>, scalar_code<Avx2, Form::low, 2>}},
};

}  // namespace causeway::vole
