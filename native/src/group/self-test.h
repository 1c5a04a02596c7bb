/** A known answer, for a class to give before it is trusted: a compiler or a processor can be wrong where the source is
 * right. */
#pragma once

#include "cpu/cpu-class.h"

namespace causeway {

/** Whether the class hashes, maps, multiplies, decodes and encodes 35 rows as libsodium does, and refuses what is no
 * point. */
bool group_works(CpuClass cpu_class);

}  // namespace causeway
