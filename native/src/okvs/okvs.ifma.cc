#include "block/ifma.h"
#include "okvs/functions.h"

namespace causeway::okvs {

const OkvsKernel okvs_kernels_ifma[] = {okvs_table<Ifma>(Form::fast), okvs_table<Ifma>(Form::low)};

}  // namespace causeway::okvs
