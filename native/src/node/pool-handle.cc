#include "node/pool-handle.h"

#include "node/arguments.h"

namespace causeway {

namespace {

constexpr napi_type_tag pool_tag = {0x4d8c1f0be4f24a6b, 0x9f0a7c3e52d1b86d};
constexpr std::size_t thread_count_max = 1024;

napi_value undefined(napi_env env) {
  napi_value value = nullptr;
  napi_get_undefined(env, &value);
  return value;
}

}  // namespace

napi_value PoolHandle::open(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  const std::size_t thread_count = arguments.count("threadCount", 1, thread_count_max);
  if (arguments.failed()) return nullptr;
  PoolHandle* const handle = new PoolHandle();
  if (handle->pool_.start(thread_count) == 0) {
    delete handle;
    napi_throw_error(env, "ERR_KERNEL_THREADS", "the system gives no thread for the kernel");
    return nullptr;
  }
  napi_value object, name;
  napi_create_object(env, &object);
  napi_create_string_utf8(env, "causeway kernel", NAPI_AUTO_LENGTH, &name);
  napi_create_threadsafe_function(env, nullptr, nullptr, name, 0, 1, handle, &PoolHandle::function_gone, handle,
                                  &PoolHandle::on_event_loop, &handle->function_);
  napi_unref_threadsafe_function(env, handle->function_);
  napi_type_tag_object(env, object, &pool_tag);
  napi_wrap(env, object, handle, &PoolHandle::object_gone, nullptr, &handle->object_);
  napi_add_env_cleanup_hook(env, &PoolHandle::clean_up, handle);
  return object;
}

napi_value PoolHandle::close(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  PoolHandle* const handle = arguments.pool();
  if (handle == nullptr) return nullptr;
  if (handle->closed_) {
    napi_throw_error(env, "ERR_KERNEL_CLOSED", "the kernel was closed before");
    return nullptr;
  }
  napi_value promise;
  napi_create_promise(env, &handle->closing_, &promise);
  handle->closed_ = true;
  handle->keep_alive(env);
  handle->pool_.stop();
  return promise;
}

PoolHandle* PoolHandle::of(napi_env env, napi_value value) {
  bool is_pool = false;
  void* handle = nullptr;
  napi_valuetype type;
  if (napi_typeof(env, value, &type) == napi_ok && type == napi_object) {
    napi_check_object_type_tag(env, value, &pool_tag, &is_pool);
    if (is_pool) napi_unwrap(env, value, &handle);
  }
  if (handle == nullptr) napi_throw_type_error(env, nullptr, "expected a pool that openPool gave");
  return static_cast<PoolHandle*>(handle);
}

napi_value PoolHandle::submit(napi_env env, std::unique_ptr<AsyncJob> job) {
  napi_value promise;
  napi_create_promise(env, &job->deferred_, &promise);
  if (closed_) {
    // The thread-safe function may be gone already.
    reject(env, job.get());
    return promise;
  }
  keep_alive(env);
  pool_.submit(job.release());
  return promise;
}

void PoolHandle::finished(void* handle, Job* job, Outcome outcome) {
  AsyncJob* const settled = static_cast<AsyncJob*>(job);
  settled->outcome_ = outcome;
  const napi_threadsafe_function function = static_cast<PoolHandle*>(handle)->function_;
  // Refused only when the environment is ending: nobody waits for the promise any more.
  if (napi_call_threadsafe_function(function, settled, napi_tsfn_nonblocking) != napi_ok) delete settled;
}

void PoolHandle::ended(void* handle) {
  napi_call_threadsafe_function(static_cast<PoolHandle*>(handle)->function_, nullptr, napi_tsfn_nonblocking);
}

void PoolHandle::on_event_loop(napi_env env, napi_value, void* handle, void* job) {
  if (env == nullptr) {
    // The environment is ending; the handle may be gone already.
    delete static_cast<AsyncJob*>(job);
  } else if (job == nullptr) {
    static_cast<PoolHandle*>(handle)->threads_ended(env);
  } else {
    static_cast<PoolHandle*>(handle)->settle(env, static_cast<AsyncJob*>(job));
  }
}

void PoolHandle::settle(napi_env env, AsyncJob* job) {
  const std::unique_ptr<AsyncJob> owned(job);
  if (job->outcome_ == Outcome::abandoned) {
    reject(env, job);
  } else {
    napi_resolve_deferred(env, job->deferred_, job->result(env));
    job->release(env);
  }
  let_go(env);
}

void PoolHandle::reject(napi_env env, AsyncJob* job) {
  napi_value code, message, error;
  napi_create_string_utf8(env, "ERR_KERNEL_CLOSED", NAPI_AUTO_LENGTH, &code);
  napi_create_string_utf8(env, "the kernel was closed", NAPI_AUTO_LENGTH, &message);
  napi_create_error(env, code, message, &error);
  napi_reject_deferred(env, job->deferred_, error);
  job->release(env);
}

void PoolHandle::threads_ended(napi_env env) {
  pool_.join();
  napi_remove_env_cleanup_hook(env, &PoolHandle::clean_up, this);
  napi_resolve_deferred(env, closing_, undefined(env));
  let_go(env);
  // What `stop` gave back while the last thread ended is still in the queue, and is settled before the function goes.
  napi_release_threadsafe_function(function_, napi_tsfn_release);
}

void PoolHandle::keep_alive(napi_env env) {
  if (awaited_++ > 0) return;
  napi_ref_threadsafe_function(env, function_);
  napi_reference_ref(env, object_, nullptr);
}

void PoolHandle::let_go(napi_env env) {
  if (--awaited_ > 0) return;
  napi_unref_threadsafe_function(env, function_);
  napi_reference_unref(env, object_, nullptr);
}

void PoolHandle::clean_up(void* data) {
  PoolHandle* const handle = static_cast<PoolHandle*>(data);
  handle->closed_ = true;
  handle->pool_.stop();
  handle->pool_.join();
  napi_release_threadsafe_function(handle->function_, napi_tsfn_abort);
}

/** The object was collected: nothing was under way, or it would have been held. */
void PoolHandle::object_gone(napi_env env, void* data, void*) {
  PoolHandle* const handle = static_cast<PoolHandle*>(data);
  if (!handle->closed_) {
    napi_remove_env_cleanup_hook(env, &PoolHandle::clean_up, handle);
    clean_up(handle);
  }
  handle->has_object_ = false;
  handle->delete_when_unused();
}

void PoolHandle::function_gone(napi_env, void* data, void*) {
  PoolHandle* const handle = static_cast<PoolHandle*>(data);
  handle->has_function_ = false;
  handle->delete_when_unused();
}

void PoolHandle::delete_when_unused() {
  if (!has_object_ && !has_function_) delete this;
}

}  // namespace causeway
