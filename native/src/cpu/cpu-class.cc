#include "cpu/cpu-class.h"

#if defined(__x86_64__)
#include <cpuid.h>

#include <cstdint>
#endif

namespace causeway {

namespace {

#if defined(__x86_64__)

struct Registers {
  std::uint32_t eax, ebx, ecx, edx;
};

Registers cpuid(std::uint32_t leaf) {
  Registers r{0, 0, 0, 0};
  __get_cpuid_count(leaf, 0, &r.eax, &r.ebx, &r.ecx, &r.edx);
  return r;
}

/** Extended control register 0: the register state that the operating system saves (Intel SDM vol. 1, §13.3). */
std::uint64_t xcr0() {
  std::uint32_t low, high;
  __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (std::uint64_t{high} << 32) | low;
}

constexpr std::uint32_t bit(int position) { return std::uint32_t{1} << position; }

constexpr bool has(std::uint64_t flags, std::uint64_t wanted) { return (flags & wanted) == wanted; }

/** Bits by Intel SDM vol. 2, CPUID, leaves 1 and 7. */
CpuClass detect() {
  const Registers basic = cpuid(1);
  const Registers extended = cpuid(7);
  const std::uint32_t pclmul = bit(1), aes = bit(25), osxsave = bit(27), avx = bit(28);
  if (!has(basic.ecx, pclmul | aes | osxsave | avx)) return CpuClass::portable;
  const std::uint64_t saved = xcr0();
  const std::uint64_t sse_avx_state = 0x06, avx512_state = 0xe0;
  const std::uint32_t avx2 = bit(5), bmi2 = bit(8);
  if (!has(saved, sse_avx_state) || !has(extended.ebx, avx2 | bmi2)) return CpuClass::portable;
  const std::uint32_t f = bit(16), dq = bit(17), ifma = bit(21), sha = bit(29), bw = bit(30), vl = bit(31);
  const std::uint32_t vbmi = bit(1), vbmi2 = bit(6), gfni = bit(8), vaes = bit(9), vpclmulqdq = bit(10);
  const bool wide = has(saved, avx512_state) && has(extended.ebx, f | dq | ifma | sha | bw | vl) &&
                    has(extended.ecx, vbmi | vbmi2 | gfni | vaes | vpclmulqdq);
  return wide ? CpuClass::ifma : CpuClass::avx2;
}

#else

CpuClass detect() { return CpuClass::portable; }

#endif

}  // namespace

const char* name_of(CpuClass cpu_class) {
  switch (cpu_class) {
    case CpuClass::portable:
      return "portable";
    case CpuClass::avx2:
      return "avx2";
    case CpuClass::ifma:
      return "ifma";
  }
  return "";
}

bool is_available(CpuClass cpu_class) {
  static const CpuClass best = detect();
  return cpu_class <= best;
}

}  // namespace causeway
