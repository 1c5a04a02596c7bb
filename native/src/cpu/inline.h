/** What arithmetic tells the compiler. */
#pragma once

/**
 * A function that must not become a call: its operands live in registers. Not under a sanitizer, whose checks in it all
 * would take minutes to compile.
 */
#if defined(CAUSEWAY_SANITIZED)
#define CAUSEWAY_INLINE inline
#else
#define CAUSEWAY_INLINE inline __attribute__((always_inline))
#endif

/** A loop over limbs, whose indices are constants once it is unrolled. A loop that copies would become a memcpy of
 * other widths. */
#define CAUSEWAY_UNROLL _Pragma("GCC unroll 16")
