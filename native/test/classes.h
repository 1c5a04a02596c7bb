// The block kernels that this machine can run.
#pragma once
#include <vector>

#include "../src/block/kernel.h"
#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace causeway::test {

struct NamedKernel {
  const char* name;
  const BlockKernel* kernel;
};

/** `portable` first: the others are compared with it. */
inline std::vector<NamedKernel> blockKernels() {
  std::vector<NamedKernel> kernels = {{"portable", &blockKernelPortable}};
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("aes") && __builtin_cpu_supports("pclmul"))
    kernels.push_back({"avx2", &blockKernelAvx2});
  unsigned a, b, c = 0, d;
  const bool hasVaes = __get_cpuid_count(7, 0, &a, &b, &c, &d) && (c >> 9 & 1) && (c >> 10 & 1);  // VAES, VPCLMULQDQ
  if (hasVaes && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vbmi2"))
    kernels.push_back({"ifma", &blockKernelIfma});
#endif
  return kernels;
}

}  // namespace causeway::test
