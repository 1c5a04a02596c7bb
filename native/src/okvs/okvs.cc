#include "okvs/okvs.h"

#include "block/portable.h"
#include "okvs/functions.h"

namespace causeway::okvs {

const OkvsKernel okvs_kernels_portable[] = {okvs_table<Portable>(Form::fast), okvs_table<Portable>(Form::low)};

const OkvsKernel& okvs_kernel(CpuClass cpu_class, Form form) {
  const std::size_t index = form == Form::fast ? 0 : 1;
#if defined(__x86_64__)
  if (cpu_class == CpuClass::ifma) return okvs_kernels_ifma[index];
  if (cpu_class == CpuClass::avx2) return okvs_kernels_avx2[index];
#endif
  static_cast<void>(cpu_class);
  return okvs_kernels_portable[index];
}

}  // namespace causeway::okvs
