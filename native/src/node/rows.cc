/** `sortRows` for JavaScript. */
#include <memory>

#include "node/arguments.h"
#include "node/define.h"
#include "rows/sort.h"

namespace causeway {

namespace {

class SortJob : public AsyncJob {
 public:
  SortJob(Input input, std::uint8_t* output, std::size_t count, rows::Shape shape)
      : input_(input), output_(output), count_(count), shape_(shape) {}

  std::size_t piece_count() const override { return 1; }
  void run(std::size_t) override { rows::sort(input_.data, output_, count_, shape_); }

 private:
  const Input input_;
  std::uint8_t* const output_;
  const std::size_t count_;
  const rows::Shape shape_;
};

/** sortRows(pool, rows, rowBytes, keyBytes): the rows in ascending order of their first keyBytes bytes. */
napi_value sort_rows(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  PoolHandle* const pool = arguments.pool();
  const Input input = arguments.bytes("rows");
  const std::size_t row_bytes = arguments.count("rowBytes", rows::row_bytes_min, rows::row_bytes_max);
  const std::size_t key_bytes = arguments.count("keyBytes", rows::key_bytes_min, rows::row_bytes_max);
  if (arguments.failed()) return nullptr;
  if (key_bytes > row_bytes) arguments.refuse("keyBytes: expected at most rowBytes");
  if (input.length % row_bytes != 0) arguments.refuse("rows: expected whole rows");
  if (input.length / row_bytes > rows::row_count_max) arguments.refuse("rows: expected at most 2^24 rows");
  std::uint8_t* const output = arguments.output(input.length);
  if (arguments.failed()) return nullptr;
  const rows::Shape shape = {row_bytes, key_bytes};
  return arguments.submit(pool, std::make_unique<SortJob>(input, output, input.length / row_bytes, shape));
}

}  // namespace

void define_rows(napi_env env, napi_value exports) { define_function(env, exports, "sortRows", &sort_rows); }

}  // namespace causeway
