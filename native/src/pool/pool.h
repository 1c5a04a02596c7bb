/**
 * Threads that run jobs in the order of their submission. Not libuv's threads, which serve files and name look-ups:
 * minutes of arithmetic would starve these.
 */
#pragma once

#include <pthread.h>

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <vector>

#include "pool/job.h"

namespace causeway {

enum class Outcome {
  /** All pieces ran. */
  done,
  /** The pool was stopped before all pieces ran. */
  abandoned,
};

class Pool {
 public:
  /** Takes a job back, exactly once, on a thread of the pool or on the one that calls `submit` or `stop`. Must not
   * block. */
  using Finished = void (*)(void* context, Job* job, Outcome outcome);
  /** Told once, by the last thread that ends. */
  using Ended = void (*)(void* context);

  Pool(void* context, Finished finished, Ended ended) : context_(context), finished_(finished), ended_(ended) {}
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  /** Starts threads, once. @returns how many run: fewer than asked for, even 0, where the system refuses. */
  std::size_t start(std::size_t thread_count);
  /** Queues a job; it belongs to the pool until `finished` gives it back. After `stop` it comes back at once,
   * abandoned. */
  void submit(Job* job);
  /** No piece is begun any more. Jobs with pieces under way come back when the last of these is done. */
  void stop();
  /** Waits for the threads of a stopped pool to end: as long as a piece takes. */
  void join();

 private:
  static void* enter(void* pool);
  void work();
  void finish(Job* job, Outcome outcome) { finished_(context_, job, outcome); }

  void* const context_;
  const Finished finished_;
  const Ended ended_;
  std::vector<pthread_t> threads_;
  std::mutex mutex_;
  std::condition_variable wake_;
  /** Under the lock: jobs with pieces that nobody has begun. */
  std::deque<Job*> waiting_;
  std::size_t running_threads_ = 0;
  bool stopping_ = false;
};

}  // namespace causeway
