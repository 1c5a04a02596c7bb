/**
 * Which instructions the kernel may use on this processor. Every operation exists once per class, with the same
 * results; a caller picks the class for each call, by default the best. Code of a class stands only in files of its
 * suffix (`.avx2.cc`, `.ifma.cc`), and is called only where `is_available` says so.
 */
#pragma once

namespace causeway {

enum class CpuClass {
  /** Baseline C++ of any 64-bit processor. */
  portable,
  /** AVX2, BMI2, AES-NI, PCLMULQDQ: x64 since about 2013. */
  avx2,
  /** AVX-512 F/DQ/BW/VL/IFMA/VBMI/VBMI2, VAES, VPCLMULQDQ, GFNI, SHA: Ice Lake, Zen 4 and later. */
  ifma,
};

inline constexpr CpuClass cpu_classes[] = {CpuClass::ifma, CpuClass::avx2, CpuClass::portable};

/** The name that the kernel's port uses. */
const char* name_of(CpuClass cpu_class);

/** Whether this processor, and the operating system with its register state, run the class. Asked once, then
 * remembered. */
bool is_available(CpuClass cpu_class);

}  // namespace causeway
