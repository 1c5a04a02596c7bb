/** A C++ object that JavaScript holds, shared with the jobs that work with it. */
#pragma once

#include <node_api.h>

#include <memory>

namespace causeway {

/**
 * `T::type_tag` is a napi_type_tag of its own. The object lives until JavaScript closes the handle, or loses it, and
 * the last job is done. Everything here runs on the event loop.
 */
template <class T>
class Handle {
 public:
  static napi_value make(napi_env env, std::shared_ptr<T> shared) {
    napi_value object;
    napi_create_object(env, &object);
    napi_type_tag_object(env, object, &T::type_tag);
    napi_wrap(env, object, new Handle(std::move(shared)), &Handle::object_gone, nullptr, nullptr);
    return object;
  }

  /** @returns null, with an exception pending, for another value, or a handle that was closed. */
  static std::shared_ptr<T> of(napi_env env, napi_value value) {
    Handle* const handle = unwrap(env, value);
    if (handle == nullptr) return nullptr;
    if (handle->shared_ == nullptr) napi_throw_error(env, "ERR_KERNEL_CLOSED", "the session was closed");
    return handle->shared_;
  }

  /** Lets the object go; closing twice does nothing. @returns false, with a TypeError pending, for another value. */
  static bool close(napi_env env, napi_value value) {
    Handle* const handle = unwrap(env, value);
    if (handle == nullptr) return false;
    handle->shared_ = nullptr;
    return true;
  }

 private:
  explicit Handle(std::shared_ptr<T> shared) : shared_(std::move(shared)) {}

  static Handle* unwrap(napi_env env, napi_value value) {
    bool is_handle = false;
    void* handle = nullptr;
    napi_valuetype type;
    if (napi_typeof(env, value, &type) == napi_ok && type == napi_object) {
      napi_check_object_type_tag(env, value, &T::type_tag, &is_handle);
      if (is_handle) napi_unwrap(env, value, &handle);
    }
    if (handle == nullptr) napi_throw_type_error(env, nullptr, "expected a session that was opened for this role");
    return static_cast<Handle*>(handle);
  }

  static void object_gone(napi_env, void* handle, void*) { delete static_cast<Handle*>(handle); }

  std::shared_ptr<T> shared_;
};

}  // namespace causeway
