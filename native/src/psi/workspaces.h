/** Large buffers that one call after the other works in: as many as calls are under way at the same time. */
#pragma once
#include <mutex>
#include <vector>

#include "block/block.h"
#include "block/secret-buffer.h"
#include "secret/wipe.h"

namespace causeway::psi {

class Workspaces {
 public:
  /** A buffer for as long as the lease lives; then it is wiped, and given back. */
  class Lease {
   public:
    Lease(Workspaces& from, std::size_t blocks) : from_(from), buffer_(from.take(blocks)) {}
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    ~Lease() {
      wipe(buffer_.data(), buffer_.size() * sizeof(Block));
      from_.give_back(std::move(buffer_));
    }
    Block* data() { return buffer_.data(); }

   private:
    Workspaces& from_;
    SecretBuffer<Block> buffer_;
  };

 private:
  /** Most buckets of a run have one size: a buffer of another one is dropped for it. */
  SecretBuffer<Block> take(std::size_t blocks) {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      while (!idle_.empty()) {
        SecretBuffer<Block> last = std::move(idle_.back());
        idle_.pop_back();
        if (last.size() == blocks) return last;
      }
    }
    return SecretBuffer<Block>(blocks);
  }
  void give_back(SecretBuffer<Block> buffer) {
    const std::lock_guard<std::mutex> lock(mutex_);
    idle_.push_back(std::move(buffer));
  }

  std::mutex mutex_;
  std::vector<SecretBuffer<Block>> idle_;
};

}  // namespace causeway::psi
