/** Work on the rows of a call, cut into pieces. */
#pragma once

#include <atomic>

#include "group/kernel.h"
#include "node/async-job.h"

namespace causeway {

/** Work on rows that stops being worth anything at the first fault: its result is the output, or that fault. */
class RowsJob : public AsyncJob {
 public:
  /** In pieces of one batch. */
  RowsJob(CpuClass cpu_class, std::size_t row_count)
      : RowsJob(cpu_class, row_count, group_kernel(cpu_class).batch_rows) {}
  RowsJob(CpuClass cpu_class, std::size_t row_count, std::size_t piece_rows)
      : kernel_(group_kernel(cpu_class)), row_count_(row_count), piece_rows_(piece_rows) {}

  std::size_t piece_count() const final { return (row_count_ + piece_rows_ - 1) / piece_rows_; }

  void run(std::size_t piece) final {
    const std::size_t first = piece * piece_rows_;
    const std::size_t rest = row_count_ - first;
    const Fault fault = run_rows(kernel_, first, rest < piece_rows_ ? rest : piece_rows_);
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
  const std::size_t piece_rows_;
  std::atomic<std::size_t> first_fault_{no_fault};
};

}  // namespace causeway
