/** What arithmetic tells the compiler. */
#pragma once

/** A function that must not become a call: its operands live in registers. */
#define CAUSEWAY_INLINE inline __attribute__((always_inline))

/** A loop over limbs, whose indices are constants once it is unrolled. A loop that copies would become a memcpy of
 * other widths. */
#define CAUSEWAY_UNROLL _Pragma("GCC unroll 16")
