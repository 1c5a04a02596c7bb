/** The codes of a run: public tables of some megabytes, each made when it is first asked for, and read by all threads.
 */
#pragma once

#include <memory>
#include <mutex>

#include "vole/kernel.h"

namespace causeway::vole {

/** The numbers of outputs that the protocol has, as powers of two. */
constexpr unsigned outputs_log2_of[] = {13, 15, 16, 17};
constexpr std::size_t code_count = 4;

/** K("code", k) for each of them. */
struct CodeSeeds {
  Block seed[code_count];
};

class Codes {
 public:
  Codes(const BlockKernel& kernel, const CodeSeeds& seeds) : kernel_(kernel), seeds_(seeds) {}

  /** @returns null for a number of outputs that the protocol does not have. Another thread may have to be waited for.
   */
  const Code* of(std::size_t outputs);

 private:
  struct Slot {
    std::mutex making;
    std::unique_ptr<const Code> code;
  };

  const BlockKernel& kernel_;
  const CodeSeeds seeds_;
  Slot slots_[code_count];
};

}  // namespace causeway::vole
