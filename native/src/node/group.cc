/** Multiplications of many elements as calls from JavaScript: each is cut into batches of the kernel, which the pool's
 * threads take. */
#include "node/group.h"

#include <memory>

#include "group/operations.h"
#include "node/arguments.h"
#include "node/pool-handle.h"
#include "node/rows-job.h"

namespace causeway {

namespace {

class BlindJob final : public RowsJob {
 public:
  BlindJob(CpuClass cpu_class, Input keys, Span prefix, Span dst, const std::uint8_t* scalar, std::uint8_t* out)
      : RowsJob(cpu_class, keys.length / key_bytes),
        hash_(prefix, key_bytes, {}, dst),
        scalar_(ScalarDigits::of_half(scalar)),
        keys_(keys.data),
        out_(out) {}

 private:
  Fault run_rows(const GroupKernel& kernel, std::size_t first, std::size_t count) override {
    return blind(kernel, hash_, scalar_, keys_ + first * key_bytes, count, out_ + first * element_bytes);
  }

  const RowExpansion hash_;
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

/** blind(pool, class, keys, prefix, dst, scalar): points. */
napi_value blind_call(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  PoolHandle* const pool = arguments.pool();
  const CpuClass cpu_class = arguments.cpu_class();
  const Input keys = arguments.rows("keys", key_bytes);
  const Input prefix = arguments.bytes("prefix");
  const Input dst = arguments.dst();
  const Input scalar = arguments.scalar();
  std::uint8_t* const out = arguments.output(keys.length / key_bytes * element_bytes);
  if (arguments.failed()) return nullptr;
  return arguments.submit(pool, std::make_unique<BlindJob>(cpu_class, keys, Span{prefix.data, prefix.length},
                                                           Span{dst.data, dst.length}, scalar.data, out));
}

/** evaluate(pool, class, points, scalar, context, tagBytes): tags, or a fault. */
napi_value evaluate_call(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  PoolHandle* const pool = arguments.pool();
  const CpuClass cpu_class = arguments.cpu_class();
  const Input points = arguments.rows("points", element_bytes);
  const Input scalar = arguments.scalar();
  const Input context = arguments.bytes("context");
  const std::size_t tag_bytes = arguments.count("tagBytes", 1, RowMessage<4>::digest_bytes);
  std::uint8_t* const out = arguments.output(points.length / element_bytes * tag_bytes);
  if (arguments.failed()) return nullptr;
  return arguments.submit(pool, std::make_unique<EvaluateJob>(cpu_class, points, scalar.data,
                                                              Span{context.data, context.length}, tag_bytes, out));
}

napi_value multiply_of(napi_env env, napi_callback_info info, MultiplyJob::Multiply GroupKernel::*multiply,
                       const char* name, std::size_t row_bytes) {
  Arguments arguments(env, info);
  PoolHandle* const pool = arguments.pool();
  const CpuClass cpu_class = arguments.cpu_class();
  const Input rows = arguments.rows(name, row_bytes);
  const Input scalar = arguments.scalar();
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
