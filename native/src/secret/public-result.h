/** What is made of secrets, and may become known. */
#pragma once

/**
 * A function whose result is public, whatever it is made of: the tests that follow secrets (secret-flow) stop at it. It
 * takes secrets by reference.
 */
#if defined(__clang__)
#define CAUSEWAY_PUBLIC_RESULT __attribute__((noinline, no_sanitize("memory")))
#else
#define CAUSEWAY_PUBLIC_RESULT __attribute__((noinline))
#endif
