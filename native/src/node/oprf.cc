/** What the oblivious function of RFC 9497 needs besides multiplications, as calls from JavaScript. */
#include <atomic>
#include <memory>
#include <vector>

#include "group/composites.h"
#include "group/operations.h"
#include "node/arguments.h"
#include "node/define.h"
#include "node/pool-handle.h"
#include "node/rows-job.h"

namespace causeway {

namespace {

class FinalizeJob final : public RowsJob {
 public:
  FinalizeJob(CpuClass cpu_class, Input keys, Span prefix, Input points, std::size_t output_bytes, std::uint8_t* out)
      : RowsJob(cpu_class, keys.length / key_bytes, piece_rows),
        finalize_(prefix),
        keys_(keys.data),
        points_(points.data),
        output_bytes_(output_bytes),
        out_(out) {}

 private:
  /** Hashing a row takes a fiftieth of the time of a multiplication. */
  static constexpr std::size_t piece_rows = 4096;

  Fault run_rows(const GroupKernel& kernel, std::size_t first, std::size_t count) override {
    finalize_.outputs(kernel, keys_ + first * key_bytes, points_ + first * element_bytes, count, output_bytes_,
                      out_ + first * output_bytes_);
    return {};
  }

  const Finalize finalize_;
  const std::uint8_t* const keys_;
  const std::uint8_t* const points_;
  const std::size_t output_bytes_;
  std::uint8_t* const out_;
};

class PrfJob final : public RowsJob {
 public:
  PrfJob(CpuClass cpu_class, Input keys, Span prefix, Span dst, const std::uint8_t* scalar, std::size_t output_bytes,
         std::uint8_t* out)
      : RowsJob(cpu_class, keys.length / key_bytes),
        hash_(prefix, key_bytes, {}, dst),
        scalar_(ScalarDigits::of_half(scalar)),
        finalize_(prefix),
        keys_(keys.data),
        output_bytes_(output_bytes),
        out_(out) {}

 private:
  Fault run_rows(const GroupKernel& kernel, std::size_t first, std::size_t count) override {
    return prf(kernel, hash_, scalar_, finalize_, keys_ + first * key_bytes, count, output_bytes_,
               out_ + first * output_bytes_);
  }

  const RowExpansion hash_;
  const ScalarDigits scalar_;
  const Finalize finalize_;
  const std::uint8_t* const keys_;
  const std::size_t output_bytes_;
  std::uint8_t* const out_;
};

/** The sums of each piece, which whoever does the last one adds up. */
class CompositesJob final : public RowsJob {
 public:
  CompositesJob(CpuClass cpu_class, Input c, Input d, const std::uint8_t* seed, Span dst, std::size_t sum_count,
                std::size_t first_index, std::uint8_t* out)
      : RowsJob(cpu_class, c.length / element_bytes, piece_rows),
        composites_(seed, dst),
        c_(c.data),
        d_(d.data),
        sum_count_(sum_count),
        first_index_(first_index),
        out_(out),
        parts_(piece_count() * sum_count * element_bytes),
        missing_(piece_count()) {}

 private:
  /** A piece ends with as many doublings as two dozen of its rows cost. */
  static constexpr std::size_t piece_rows = 1024;

  Fault run_rows(const GroupKernel& kernel, std::size_t first, std::size_t count) override {
    std::uint8_t* const part = parts_.data() + first / piece_rows * sum_count_ * element_bytes;
    const Fault fault = composites_.sums(kernel, c_ + first * element_bytes, d_ + first * element_bytes,
                                         first_index_ + first, count, sum_count_, part);
    if (fault.kind != Fault::none) return fault;
    if (missing_.fetch_sub(1, std::memory_order_acq_rel) == 1) {
      add_parts(kernel, parts_.data(), piece_count(), sum_count_, out_);
    }
    return {};
  }

  const Composites composites_;
  const std::uint8_t* const c_;
  const std::uint8_t* const d_;
  const std::size_t sum_count_;
  const std::size_t first_index_;
  std::uint8_t* const out_;
  std::vector<std::uint8_t> parts_;
  std::atomic<std::size_t> missing_;
};

/** What stands before each key, in a private input whose length takes two bytes. */
Input prefix_of(Arguments* arguments) {
  const Input prefix = arguments->bytes("prefix");
  if (!arguments->failed() && prefix.length > 0xffff - key_bytes) arguments->refuse("prefix: too long for its length");
  return prefix;
}

/** finalize(pool, class, keys, prefix, points, outputBytes): outputs. */
napi_value finalize_call(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  PoolHandle* const pool = arguments.pool();
  const CpuClass cpu_class = arguments.cpu_class();
  const Input keys = arguments.rows("keys", key_bytes);
  const Input prefix = prefix_of(&arguments);
  const Input points = arguments.rows("points", element_bytes);
  const std::size_t output_bytes = arguments.count("outputBytes", 1, Finalize::output_bytes_max);
  const std::size_t row_count = keys.length / key_bytes;
  if (!arguments.failed() && points.length != row_count * element_bytes) {
    arguments.refuse("points: expected one for each key");
  }
  std::uint8_t* const out = arguments.output(row_count * output_bytes);
  if (arguments.failed()) return nullptr;
  return arguments.submit(pool, std::make_unique<FinalizeJob>(cpu_class, keys, Span{prefix.data, prefix.length}, points,
                                                              output_bytes, out));
}

/** prf(pool, class, keys, prefix, dst, scalar, outputBytes): outputs. */
napi_value prf_call(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  PoolHandle* const pool = arguments.pool();
  const CpuClass cpu_class = arguments.cpu_class();
  const Input keys = arguments.rows("keys", key_bytes);
  const Input prefix = prefix_of(&arguments);
  const Input dst = arguments.dst();
  const Input scalar = arguments.scalar();
  const std::size_t output_bytes = arguments.count("outputBytes", 1, Finalize::output_bytes_max);
  std::uint8_t* const out = arguments.output(keys.length / key_bytes * output_bytes);
  if (arguments.failed()) return nullptr;
  return arguments.submit(pool, std::make_unique<PrfJob>(cpu_class, keys, Span{prefix.data, prefix.length},
                                                         Span{dst.data, dst.length}, scalar.data, output_bytes, out));
}

/** composites(pool, class, c, d, seed, dst, sumCount, firstIndex): sums, or a fault. */
napi_value composites_call(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  PoolHandle* const pool = arguments.pool();
  const CpuClass cpu_class = arguments.cpu_class();
  const Input c = arguments.rows("c", element_bytes);
  const Input d = arguments.rows("d", element_bytes);
  const Input seed = arguments.bytes("seed", Composites::seed_bytes);
  const Input dst = arguments.dst();
  const std::size_t sum_count = arguments.count("sumCount", 1, 2);
  const std::size_t first_index = arguments.count("firstIndex", 0, Composites::row_count_max - 1);
  const std::size_t row_count = c.length / element_bytes;
  if (!arguments.failed() && d.length != c.length) arguments.refuse("d: expected as many elements as in c");
  if (!arguments.failed() && (row_count == 0 || row_count > Composites::row_count_max - first_index)) {
    arguments.refuse("c: expected 1 to 2^16 elements, numbered with 16 bits");
  }
  std::uint8_t* const out = arguments.output(sum_count * element_bytes);
  if (arguments.failed()) return nullptr;
  return arguments.submit(pool, std::make_unique<CompositesJob>(cpu_class, c, d, seed.data, Span{dst.data, dst.length},
                                                                sum_count, first_index, out));
}

}  // namespace

void define_oprf(napi_env env, napi_value exports) {
  define_function(env, exports, "finalize", &finalize_call);
  define_function(env, exports, "prf", &prf_call);
  define_function(env, exports, "composites", &composites_call);
}

}  // namespace causeway
