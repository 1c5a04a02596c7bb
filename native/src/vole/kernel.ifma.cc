#include "vole/code-vector.h"
#include "vole/tree-functions.h"

namespace causeway::vole {

const VoleKernel vole_kernel_ifma = {
    &block_kernel_ifma,
    TreeFunctions<Ifma>::grow,
    TreeFunctions<Ifma>::grow_punctured,
    {{vector_code<Form::fast, 1>, vector_code<Form::fast, 2>}, {vector_code<Form::low, 1>, vector_code<Form::low, 2>}},
};

}  // namespace causeway::vole
