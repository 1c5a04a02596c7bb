/** Work that a pool of threads does in pieces. */
#pragma once

#include <cstddef>

namespace causeway {

/**
 * Work of one call, cut in pieces that run in any order, on any threads, each once. What a job needs it holds itself:
 * buffers whose lengths were checked before, copies of secrets (wiped by its destructor), room for its results.
 */
class Job {
 public:
  virtual ~Job() = default;
  /** Constant while the job lives; a job of 0 pieces is finished at once. */
  virtual std::size_t piece_count() const = 0;
  /** Runs on a thread of the pool, beside other pieces of the same job: it writes only what no other piece touches, or
   * atomics. */
  virtual void run(std::size_t piece) = 0;

  Job() = default;
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;

 private:
  friend class Pool;
  /** Under the pool's lock: pieces handed out, and pieces done. */
  std::size_t begun_ = 0;
  std::size_t done_ = 0;
};

}  // namespace causeway
