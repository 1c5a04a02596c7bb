#include "vole/epochs.h"

#include <utility>

namespace causeway::vole {

bool Epochs::open(std::uint64_t epoch) {
  const std::lock_guard<std::mutex> lock(mutex_);
  return epochs_.try_emplace(epoch).second;
}

void Epochs::fill(std::uint64_t epoch, EpochValues values, std::size_t slots) {
  auto shared = std::make_shared<const EpochValues>(std::move(values));
  const std::lock_guard<std::mutex> lock(mutex_);
  Epoch& filled = epochs_[epoch];
  if (filled.is_forgotten) return;
  filled.values = std::move(shared);
  filled.is_taken.assign(slots, false);
}

std::shared_ptr<const EpochValues> Epochs::take(std::uint64_t epoch, std::size_t slot) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = epochs_.find(epoch);
  if (found == epochs_.end() || slot >= found->second.is_taken.size() || found->second.is_taken[slot]) return nullptr;
  found->second.is_taken[slot] = true;
  return found->second.values;
}

void Epochs::forget(std::uint64_t epoch) {
  const std::lock_guard<std::mutex> lock(mutex_);
  epochs_[epoch] = {nullptr, {}, true};
}

}  // namespace causeway::vole
