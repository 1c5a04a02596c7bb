#include "pool/pool.h"

namespace causeway {

namespace {

/** The same everywhere: musl would give 128 KiB. */
constexpr std::size_t stack_bytes = std::size_t{1} << 20;

}  // namespace

Pool::~Pool() {
  stop();
  join();
}

std::size_t Pool::start(std::size_t thread_count) {
  std::unique_lock<std::mutex> lock(mutex_);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, stack_bytes);
  // pthread_create and not std::thread: the latter reports a refusal by an exception, which this library is compiled
  // without.
  for (std::size_t i = 0; i < thread_count; i++) {
    pthread_t thread;
    if (pthread_create(&thread, &attributes, &Pool::enter, this) != 0) break;
    threads_.push_back(thread);
  }
  pthread_attr_destroy(&attributes);
  running_threads_ = threads_.size();
  return running_threads_;
}

void Pool::submit(Job* job) {
  if (job->piece_count() == 0) return finish(job, Outcome::done);
  {
    std::unique_lock<std::mutex> lock(mutex_);
    if (!stopping_) {
      waiting_.push_back(job);
      lock.unlock();
      wake_.notify_all();
      return;
    }
  }
  finish(job, Outcome::abandoned);
}

void Pool::stop() {
  std::deque<Job*> untouched;
  {
    std::unique_lock<std::mutex> lock(mutex_);
    stopping_ = true;
    for (Job* job : waiting_) {
      if (job->begun_ == job->done_) untouched.push_back(job);
    }
    waiting_.clear();
  }
  wake_.notify_all();
  for (Job* job : untouched) finish(job, Outcome::abandoned);
}

void Pool::join() {
  for (pthread_t thread : threads_) pthread_join(thread, nullptr);
  threads_.clear();
}

void* Pool::enter(void* pool) {
  static_cast<Pool*>(pool)->work();
  return nullptr;
}

void Pool::work() {
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (stopping_) break;
    Job* const job = waiting_.front();
    const std::size_t piece = job->begun_++;
    if (job->begun_ == job->piece_count()) waiting_.pop_front();
    lock.unlock();
    job->run(piece);
    lock.lock();
    job->done_++;
    const bool complete = job->done_ == job->piece_count();
    const bool last_of_abandoned = stopping_ && job->done_ == job->begun_;
    if (complete || last_of_abandoned) {
      lock.unlock();
      finish(job, complete ? Outcome::done : Outcome::abandoned);
      lock.lock();
    }
  }
  running_threads_--;
  const bool last = running_threads_ == 0;
  lock.unlock();
  if (last) ended_(context_);
}

}  // namespace causeway
