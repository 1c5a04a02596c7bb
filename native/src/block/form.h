/** The two forms of psi/vole (RR22 section 5 for the second). */
#pragma once

namespace causeway {

/** Which field A, labels and targets live in: `fast` GF(2^128) throughout; `low` GF(2^64), with B, C, Delta in its
 * square. */
enum class Form { fast, low };

}  // namespace causeway
