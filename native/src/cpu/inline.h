#pragma once

/** For arithmetic that must not become a call: its operands live in registers. */
#define CAUSEWAY_INLINE inline __attribute__((always_inline))
