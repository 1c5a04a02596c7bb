/** How psi/vole cuts lists, for JavaScript. */
#include <algorithm>

#include "node/define.h"
#include "node/psi-arguments.h"
#include "psi/partition.h"

namespace causeway {

namespace {

/** Rows of one call: their numbers are 32 bits, and a host cuts a long list piece by piece. */
constexpr std::size_t row_count_max = std::size_t{1} << 26;

struct CutArguments {
  CpuClass cpu_class;
  psi::Cut cut;
};

/** class, K("part") as one block, bin count T. */
CutArguments cut_of(Arguments& arguments) {
  CutArguments read{};
  read.cpu_class = arguments.cpu_class();
  const Blocks key(arguments, "partition", 1);
  read.cut.bin_count = arguments.count("binCount", 1, psi::bin_count_max);
  if (!arguments.failed()) read.cut.key = key[0];
  return read;
}

Input rows_of(Arguments& arguments) {
  const Input rows = arguments.rows("rows", sizeof(Block));
  if (!arguments.failed() && rows.length / sizeof(Block) > row_count_max) arguments.refuse("rows: too many at once");
  return rows;
}

/** psiPartition(pool, class, partition, binCount, rows): [rows by bucket, their old numbers, starts, loads of bins]. */
napi_value partition(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  PoolHandle* const pool = arguments.pool();
  const CutArguments read = cut_of(arguments);
  const Input rows = rows_of(arguments);
  if (arguments.failed()) return nullptr;
  const std::size_t count = rows.length / sizeof(Block);
  const auto words = [&](std::size_t length) {
    return reinterpret_cast<std::uint32_t*>(arguments.output(length * sizeof(std::uint32_t)));
  };
  std::uint8_t* const keys = arguments.output(rows.length);
  std::uint32_t* const numbers = words(count);
  std::uint32_t* const starts = words(read.cut.bucket_count() + 1);
  std::uint32_t* const loads = words(read.cut.bin_count);
  return submit(arguments, pool, 4, [=] {
    psi::partition(block_kernel(read.cpu_class), read.cut, rows.data, count, {keys, numbers, starts, loads});
    return psi::Verdict::done;
  });
}

/** psiLoads(pool, class, partition, binCount, bucket, rows): [distinct keys in each bin of the bucket]. */
napi_value loads(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  PoolHandle* const pool = arguments.pool();
  const CutArguments read = cut_of(arguments);
  const std::size_t bucket = arguments.count("bucket", 0, (psi::bin_count_max - 1) / psi::bucket_bins_max);
  const Input rows = rows_of(arguments);
  if (arguments.failed()) return nullptr;
  const std::size_t first = bucket * psi::bucket_bins_max;
  if (first >= read.cut.bin_count) arguments.refuse("bucket: expected one of the cut");
  if (arguments.failed()) return nullptr;
  const std::size_t bins = std::min<std::size_t>(psi::bucket_bins_max, read.cut.bin_count - first);
  std::uint32_t* const out = reinterpret_cast<std::uint32_t*>(arguments.output(bins * sizeof(std::uint32_t)));
  return submit(arguments, pool, 1, [=] {
    const psi::BucketKeys keys(block_kernel(read.cpu_class), read.cut, first, bins, rows.data,
                               rows.length / sizeof(Block));
    for (std::size_t bin = 0; bin < bins; bin++) out[bin] = static_cast<std::uint32_t>(keys.count(bin));
    return keys.has_foreign_key() ? psi::Verdict::does_not_fit : psi::Verdict::done;
  });
}

}  // namespace

void define_psi_partition(napi_env env, napi_value exports) {
  define_function(env, exports, "psiPartition", &partition);
  define_function(env, exports, "psiLoads", &loads);
}

}  // namespace causeway
