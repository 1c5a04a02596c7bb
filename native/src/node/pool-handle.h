/** A pool of threads that JavaScript opens, gives jobs to, and closes. */
#pragma once

#include <node_api.h>

#include <memory>

#include "node/async-job.h"
#include "pool/pool.h"

namespace causeway {

/**
 * Lives as long as its JavaScript object and the thread-safe function through which its threads reach the event loop.
 * It keeps the process alive while a job is under way, and not otherwise. Everything here runs on the event loop, but
 * for `finished` and `ended`.
 *
 * When the environment ends first (process.exit, worker.terminate), its clean-up hook stops the threads and waits for
 * them: no thread touches a buffer after that. Hooks run in the reverse order of their making, so the thread-safe
 * function is still there.
 */
class PoolHandle {
 public:
  /** openPool(threadCount): a pool object. Throws when not a single thread can be started. */
  static napi_value open(napi_env env, napi_callback_info info);
  /** closePool(pool): a promise, fulfilled when the threads have ended. Jobs that are not done are rejected. */
  static napi_value close(napi_env env, napi_callback_info info);
  /** The pool behind a JavaScript value, or null with a TypeError pending. */
  static PoolHandle* of(napi_env env, napi_value value);

  /** @returns the job's promise. */
  napi_value submit(napi_env env, std::unique_ptr<AsyncJob> job);

 private:
  PoolHandle() : pool_(this, &PoolHandle::finished, &PoolHandle::ended) {}

  static void finished(void* handle, Job* job, Outcome outcome);
  static void ended(void* handle);
  static void on_event_loop(napi_env env, napi_value unused, void* handle, void* job);
  static void clean_up(void* handle);
  static void object_gone(napi_env env, void* handle, void* unused);
  static void function_gone(napi_env env, void* handle, void* unused);

  void settle(napi_env env, AsyncJob* job);
  static void reject(napi_env env, AsyncJob* job);
  void threads_ended(napi_env env);
  void keep_alive(napi_env env);
  void let_go(napi_env env);
  void delete_when_unused();

  Pool pool_;
  napi_threadsafe_function function_ = nullptr;
  /** To the JavaScript object; strong while there is something to wait for. */
  napi_ref object_ = nullptr;
  napi_deferred closing_ = nullptr;
  /** Jobs under way, and the closing. */
  std::size_t awaited_ = 0;
  bool closed_ = false;
  bool has_object_ = true;
  bool has_function_ = true;
};

}  // namespace causeway
