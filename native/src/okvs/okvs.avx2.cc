#include "block/avx2.h"
#include "okvs/functions.h"

namespace causeway::okvs {

const OkvsKernel okvs_kernels_avx2[] = {okvs_table<Avx2>(Form::fast), okvs_table<Avx2>(Form::low)};

}  // namespace causeway::okvs
