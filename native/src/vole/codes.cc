#include "vole/codes.h"

namespace causeway::vole {

const Code* Codes::of(std::size_t outputs) {
  for (std::size_t i = 0; i < code_count; i++) {
    if (outputs != std::size_t{1} << outputs_log2_of[i]) continue;
    const std::lock_guard<std::mutex> lock(slots_[i].making);
    if (!slots_[i].code) slots_[i].code = std::make_unique<const Code>(kernel_, outputs, seeds_.seed[i]);
    return slots_[i].code.get();
  }
  return nullptr;
}

}  // namespace causeway::vole
