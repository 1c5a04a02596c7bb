/** The group's operations as calls from JavaScript: each is cut into batches of the kernel, which the pool's threads
 * take. */
#include "node/group.h"

#include <atomic>
#include <memory>

#include "group/operations.h"
#include "node/arguments.h"
#include "node/pool-handle.h"

namespace causeway {

namespace {

/** Work on rows that stops being worth anything at the first fault: its result is the output, or that fault. */
class RowsJob : public AsyncJob {
 public:
  RowsJob(CpuClass cpu_class, std::size_t row_count) : kernel_(group_kernel(cpu_class)), row_count_(row_count) {}

  std::size_t piece_count() const final { return (row_count_ + kernel_.batch_rows - 1) / kernel_.batch_rows; }

  void run(std::size_t piece) final {
    const std::size_t first = piece * kernel_.batch_rows;
    const std::size_t rest = row_count_ - first;
    const Fault fault = run_rows(kernel_, first, rest < kernel_.batch_rows ? rest : kernel_.batch_rows);
    if (fault.kind == Fault::none) return;
    // The earliest row wins, whichever thread comes first.
    const std::size_t found = (first + fault.row) << 1 | (fault.kind == Fault::identity);
    std::size_t seen = first_fault_.load(std::memory_order_relaxed);
    while (found < seen && !first_fault_.compare_exchange_weak(seen, found, std::memory_order_relaxed)) {
    }
  }

  /** The output, or `{ code, index }`. */
  napi_value result(napi_env env) final {
    const std::size_t found = first_fault_.load(std::memory_order_relaxed);
    if (found == no_fault) return held(env, 0);
    napi_value fault, code, index;
    napi_create_object(env, &fault);
    napi_create_string_utf8(env, found & 1 ? "identity" : "malformed-point", NAPI_AUTO_LENGTH, &code);
    napi_create_double(env, static_cast<double>(found >> 1), &index);
    napi_set_named_property(env, fault, "code", code);
    napi_set_named_property(env, fault, "index", index);
    return fault;
  }

 protected:
  /** Does `count` rows from row `first`. @returns a fault with its row counted from `first`. */
  virtual Fault run_rows(const GroupKernel& kernel, std::size_t first, std::size_t count) = 0;

 private:
  static constexpr std::size_t no_fault = ~std::size_t{0};

  const GroupKernel& kernel_;
  const std::size_t row_count_;
  std::atomic<std::size_t> first_fault_{no_fault};
};

class BlindJob final : public RowsJob {
 public:
  BlindJob(CpuClass cpu_class, Input keys, Span prefix, Span dst, const std::uint8_t* scalar, std::uint8_t* out)
      : RowsJob(cpu_class, keys.length / key_bytes),
        hash_(prefix, dst),
        scalar_(ScalarDigits::of_half(scalar)),
        keys_(keys.data),
        out_(out) {}

 private:
  Fault run_rows(const GroupKernel& kernel, std::size_t first, std::size_t count) override {
    return blind(kernel, hash_, scalar_, keys_ + first * key_bytes, count, out_ + first * element_bytes);
  }

  const HashToGroup hash_;
  const ScalarDigits scalar_;
  const std::uint8_t* const keys_;
  std::uint8_t* const out_;
};

class EvaluateJob final : public RowsJob {
 public:
  EvaluateJob(CpuClass cpu_class, Input points, const std::uint8_t* scalar, Span context, std::size_t tag_bytes,
              std::uint8_t* out)
      : RowsJob(cpu_class, points.length / element_bytes),
        tag_(context, element_bytes, {}),
        tag_bytes_(tag_bytes),
        scalar_(ScalarDigits::of_half(scalar)),
        points_(points.data),
        out_(out) {}

 private:
  Fault run_rows(const GroupKernel& kernel, std::size_t first, std::size_t count) override {
    return evaluate(kernel, tag_, tag_bytes_, scalar_, points_ + first * element_bytes, count,
                    out_ + first * tag_bytes_);
  }

  const RowMessage<4> tag_;
  const std::size_t tag_bytes_;
  const ScalarDigits scalar_;
  const std::uint8_t* const points_;
  std::uint8_t* const out_;
};

/** scalar · point, of encodings or of uniform bytes. */
class MultiplyJob final : public RowsJob {
 public:
  using Multiply = decltype(GroupKernel::multiply);

  MultiplyJob(CpuClass cpu_class, Multiply GroupKernel::*multiply, Input rows, std::size_t row_bytes,
              const std::uint8_t* scalar, std::uint8_t* out)
      : RowsJob(cpu_class, rows.length / row_bytes),
        multiply_(multiply),
        row_bytes_(row_bytes),
        scalar_(ScalarDigits::of_half(scalar)),
        rows_(rows.data),
        out_(out) {}

 private:
  Fault run_rows(const GroupKernel& kernel, std::size_t first, std::size_t count) override {
    return (kernel.*multiply_)(scalar_, rows_ + first * row_bytes_, count, out_ + first * element_bytes);
  }

  Multiply GroupKernel::*const multiply_;
  const std::size_t row_bytes_;
  const ScalarDigits scalar_;
  const std::uint8_t* const rows_;
  std::uint8_t* const out_;
};

/** A secret scalar from 1 to ℓ − 1. */
Input scalar_of(Arguments* arguments) {
  const Input scalar = arguments->bytes("scalar", 32);
  if (!arguments->failed() && !is_scalar(scalar.data)) arguments->refuse("scalar: expected 1 to ℓ − 1, little-endian");
  return scalar;
}

Span span(Input input) { return {input.data, input.length}; }

/** blind(pool, class, keys, prefix, dst, scalar): points. */
napi_value blind_call(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  PoolHandle* const pool = arguments.pool();
  const CpuClass cpu_class = arguments.cpu_class();
  const Input keys = arguments.rows("keys", key_bytes);
  const Input prefix = arguments.bytes("prefix");
  const Input dst = arguments.bytes("dst");
  if (!arguments.failed() && dst.length == 0) arguments.refuse("dst: must not be empty (RFC 9380 §3.1)");
  const Input scalar = scalar_of(&arguments);
  std::uint8_t* const out = arguments.output(keys.length / key_bytes * element_bytes);
  if (arguments.failed()) return nullptr;
  return arguments.submit(pool, std::make_unique<BlindJob>(cpu_class, keys, span(prefix), span(dst), scalar.data, out));
}

/** evaluate(pool, class, points, scalar, context, tagBytes): tags, or a fault. */
napi_value evaluate_call(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  PoolHandle* const pool = arguments.pool();
  const CpuClass cpu_class = arguments.cpu_class();
  const Input points = arguments.rows("points", element_bytes);
  const Input scalar = scalar_of(&arguments);
  const Input context = arguments.bytes("context");
  const std::size_t tag_bytes = arguments.count("tagBytes", 1, RowMessage<4>::digest_bytes);
  std::uint8_t* const out = arguments.output(points.length / element_bytes * tag_bytes);
  if (arguments.failed()) return nullptr;
  return arguments.submit(pool,
                          std::make_unique<EvaluateJob>(cpu_class, points, scalar.data, span(context), tag_bytes, out));
}

napi_value multiply_of(napi_env env, napi_callback_info info, MultiplyJob::Multiply GroupKernel::*multiply,
                       const char* name, std::size_t row_bytes) {
  Arguments arguments(env, info);
  PoolHandle* const pool = arguments.pool();
  const CpuClass cpu_class = arguments.cpu_class();
  const Input rows = arguments.rows(name, row_bytes);
  const Input scalar = scalar_of(&arguments);
  std::uint8_t* const out = arguments.output(rows.length / row_bytes * element_bytes);
  if (arguments.failed()) return nullptr;
  return arguments.submit(pool, std::make_unique<MultiplyJob>(cpu_class, multiply, rows, row_bytes, scalar.data, out));
}

/** multiply(pool, class, points, scalar): points, or a fault. */
napi_value multiply_call(napi_env env, napi_callback_info info) {
  return multiply_of(env, info, &GroupKernel::multiply, "points", element_bytes);
}

/** multiplyMapped(pool, class, uniform, scalar): points, or a fault. */
napi_value multiply_mapped_call(napi_env env, napi_callback_info info) {
  return multiply_of(env, info, &GroupKernel::multiply_mapped, "uniform", uniform_bytes);
}

}  // namespace

void define_group(napi_env env, napi_value exports) {
  define_function(env, exports, "blind", &blind_call);
  define_function(env, exports, "evaluate", &evaluate_call);
  define_function(env, exports, "multiply", &multiply_call);
  define_function(env, exports, "multiplyMapped", &multiply_mapped_call);
}

}  // namespace causeway
