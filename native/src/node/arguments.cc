#include "node/arguments.h"

#include <cstring>
#include <string>

#include "group/scalar.h"
#include "node/pool-handle.h"

namespace causeway {

Arguments::Arguments(napi_env env, napi_callback_info info) : env_(env) {
  napi_get_cb_info(env, info, &given_, values_, nullptr, nullptr);
}

PoolHandle* Arguments::pool() {
  const napi_value value = next();
  if (value == nullptr) return nullptr;
  PoolHandle* const pool = PoolHandle::of(env_, value);
  if (pool == nullptr) failed_ = true;
  return pool;
}

CpuClass Arguments::cpu_class() {
  const napi_value value = next();
  char name[16] = "";
  if (value != nullptr) napi_get_value_string_utf8(env_, value, name, sizeof name, nullptr);
  for (CpuClass each : cpu_classes) {
    if (std::strcmp(name, name_of(each)) == 0 && is_available(each)) return each;
  }
  refuse_type("class", "the name of a class that this processor has");
  return CpuClass::portable;
}

Input Arguments::bytes(const char* name) {
  const napi_value value = next();
  bool is_typed_array = false;
  if (value != nullptr) napi_is_typedarray(env_, value, &is_typed_array);
  napi_typedarray_type type = napi_int8_array;
  Input input;
  napi_value buffer = nullptr;
  void* data = nullptr;
  if (is_typed_array) napi_get_typedarray_info(env_, value, &type, &input.length, &data, &buffer, nullptr);
  if (type != napi_uint8_array || is_resizable(buffer)) {
    refuse_type(name, "a Uint8Array over a buffer of fixed size");
    return {};
  }
  input.data = static_cast<const std::uint8_t*>(data);
  inputs_.push_back(value);
  return input;
}

Input Arguments::bytes(const char* name, std::size_t length) {
  const Input input = bytes(name);
  if (!failed_ && input.length != length) {
    refuse((std::string(name) + ": expected " + std::to_string(length) + " bytes, got " + std::to_string(input.length))
               .c_str());
  }
  return input;
}

Input Arguments::scalar() {
  const Input input = bytes("scalar", 32);
  if (!failed_ && !is_scalar(input.data)) refuse("scalar: expected 1 to ℓ − 1, little-endian");
  return input;
}

Input Arguments::dst() {
  const Input input = bytes("dst");
  if (!failed_ && input.length == 0) refuse("dst: must not be empty (RFC 9380 §3.1)");
  return input;
}

Input Arguments::rows(const char* name, std::size_t row_bytes) {
  const Input input = bytes(name);
  if (!failed_ && input.length % row_bytes != 0) {
    refuse((std::string(name) + ": expected rows of " + std::to_string(row_bytes) + " bytes, got " +
            std::to_string(input.length) + " bytes")
               .c_str());
  }
  return input;
}

std::size_t Arguments::count(const char* name, std::size_t min, std::size_t max) {
  const napi_value value = next();
  double number = -1;
  if (value != nullptr && napi_get_value_double(env_, value, &number) != napi_ok) number = -1;
  const bool is_in_range = number >= static_cast<double>(min) && number <= static_cast<double>(max);
  const std::size_t whole = is_in_range ? static_cast<std::size_t>(number) : 0;
  if (!is_in_range || static_cast<double>(whole) != number) {
    refuse((std::string(name) + ": expected a whole number from " + std::to_string(min) + " to " + std::to_string(max))
               .c_str());
    return 0;
  }
  return whole;
}

void Arguments::refuse(const char* message) {
  if (failed_) return;
  failed_ = true;
  napi_throw_range_error(env_, nullptr, message);
}

std::uint8_t* Arguments::output(std::size_t length) {
  if (failed_) return nullptr;
  napi_value buffer, array;
  void* data = nullptr;
  if (napi_create_arraybuffer(env_, length, &data, &buffer) != napi_ok ||
      napi_create_typedarray(env_, napi_uint8_array, length, buffer, 0, &array) != napi_ok) {
    failed_ = true;  // The engine's own exception is pending.
    return nullptr;
  }
  outputs_.push_back(array);
  return static_cast<std::uint8_t*>(data);
}

napi_value Arguments::submit(PoolHandle* pool, std::unique_ptr<AsyncJob> job) {
  const auto hold = [this](const std::vector<napi_value>& values, std::vector<napi_ref>& references) {
    for (napi_value value : values) {
      napi_ref reference;
      napi_create_reference(env_, value, 1, &reference);
      references.push_back(reference);
    }
  };
  hold(inputs_, job->inputs_);
  hold(outputs_, job->outputs_);
  return pool->submit(env_, std::move(job));
}

napi_value Arguments::next() {
  if (failed_) return nullptr;
  if (read_ < given_ && read_ < argument_count_max) return values_[read_++];
  failed_ = true;
  napi_throw_type_error(env_, nullptr, "an argument is missing");
  return nullptr;
}

void Arguments::refuse_type(const char* name, const char* expected) {
  if (failed_) return;
  failed_ = true;
  napi_throw_type_error(env_, nullptr, (std::string(name) + ": expected " + expected).c_str());
}

/** A resizable ArrayBuffer can give its memory back while a thread reads it. A SharedArrayBuffer only ever grows. */
bool Arguments::is_resizable(napi_value buffer) {
  napi_value property;
  bool resizable = false;
  if (napi_get_named_property(env_, buffer, "resizable", &property) == napi_ok) {
    napi_get_value_bool(env_, property, &resizable);
  }
  return resizable;
}

}  // namespace causeway
