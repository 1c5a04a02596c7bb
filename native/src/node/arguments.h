/** Arguments of a call from JavaScript, read in order and checked; the first that is wrong is the exception that the
 * call ends with. */
#pragma once

#include <node_api.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "cpu/cpu-class.h"
#include "node/async-job.h"

namespace causeway {

class PoolHandle;

/** Packed rows that JavaScript owns: held until the job is done; their content may be hostile, and may change while it
 * is read. */
struct Input {
  const std::uint8_t* data = nullptr;
  std::size_t length = 0;
};

/**
 * Reads the arguments one after the other. After a failure every reader returns an empty value and `failed` is true,
 * with a TypeError or RangeError pending: so a call reads all, checks once, and returns null.
 */
class Arguments {
 public:
  Arguments(napi_env env, napi_callback_info info);

  PoolHandle* pool();
  /** A class that this processor has. */
  CpuClass cpu_class();
  /** A Uint8Array over an ArrayBuffer of fixed size or a SharedArrayBuffer. `name` is for the message. */
  Input bytes(const char* name);
  /** The same, with its length prescribed. */
  Input bytes(const char* name, std::size_t length);
  /** The same, holding whole rows. */
  Input rows(const char* name, std::size_t row_bytes);
  /** A secret scalar from 1 to ℓ − 1. */
  Input scalar();
  /** The domain separation tag of a hash, which RFC 9380 §3.1 wants not empty. */
  Input dst();
  /** A whole number from `min` to `max`. */
  std::size_t count(const char* name, std::size_t min, std::size_t max);

  /** The next one as it is, for a reader of its own, which says by `fail` that it threw. */
  napi_value any() { return next(); }

  bool failed() const { return failed_; }
  /** An exception is pending. */
  void fail() { failed_ = true; }
  /** For a rule over several arguments that does not hold. */
  void refuse(const char* message);

  /** Room for a result: a new Uint8Array that JavaScript does not see before the promise is fulfilled. */
  std::uint8_t* output(std::size_t length);
  /** Hands the job over, with all buffers that were read and made. @returns its promise. */
  napi_value submit(PoolHandle* pool, std::unique_ptr<AsyncJob> job);

 private:
  static constexpr std::size_t argument_count_max = 12;

  napi_value next();
  void refuse_type(const char* name, const char* expected);
  bool is_resizable(napi_value buffer);

  napi_env env_;
  napi_value values_[argument_count_max];
  std::size_t given_ = argument_count_max;
  std::size_t read_ = 0;
  bool failed_ = false;
  std::vector<napi_value> inputs_;
  std::vector<napi_value> outputs_;
};

}  // namespace causeway
