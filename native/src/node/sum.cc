/** join/sum's arithmetic as calls from JavaScript. */
#include <atomic>
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <vector>

#include "group/operations.h"
#include "node/arguments.h"
#include "node/define.h"
#include "secret/wipe.h"
#include "sum/cells.h"
#include "sum/gate.h"
#include "sum/logs.h"

namespace causeway {

namespace {

/** `{ code, index }` of the first fault. */
napi_value fault_value(napi_env env, const Fault& fault) {
  napi_value out, code, index;
  napi_create_object(env, &out);
  napi_create_string_utf8(env, fault.kind == Fault::identity ? "identity" : "malformed-point", NAPI_AUTO_LENGTH, &code);
  napi_create_double(env, static_cast<double>(fault.row), &index);
  napi_set_named_property(env, out, "code", code);
  napi_set_named_property(env, out, "index", index);
  return out;
}

/** The earliest fault of pieces that run in any order. */
class FirstFault {
 public:
  void note(const Fault& fault) {
    if (fault.kind == Fault::none) return;
    const std::size_t found = fault.row << 1 | (fault.kind == Fault::identity);
    std::size_t seen = first_.load(std::memory_order_relaxed);
    while (found < seen && !first_.compare_exchange_weak(seen, found, std::memory_order_relaxed)) {
    }
  }
  Fault fault() const {
    const std::size_t found = first_.load(std::memory_order_relaxed);
    if (found == none) return {};
    return {found & 1 ? Fault::identity : Fault::malformed, found >> 1};
  }

 private:
  static constexpr std::size_t none = ~std::size_t{0};
  std::atomic<std::size_t> first_{none};
};

class EncryptJob final : public AsyncJob {
 public:
  EncryptJob(CpuClass cpu_class, const FixedBase& key, const std::uint8_t* seed, std::uint64_t first, Input bits,
             std::uint8_t* out)
      : group_(group_kernel(cpu_class)),
        functions_(sum_functions(cpu_class)),
        key_(key),
        first_(first),
        bits_(bits),
        out_(out) {
    std::memcpy(seed_, seed, seed_bytes);
  }
  ~EncryptJob() override { wipe(seed_, sizeof seed_); }

  std::size_t piece_count() const override { return (bits_.length + piece_rows - 1) / piece_rows; }
  void run(std::size_t piece) override {
    const std::size_t first = piece * piece_rows;
    const std::size_t count = bits_.length - first < piece_rows ? bits_.length - first : piece_rows;
    std::uint8_t scalars[piece_rows * scalar_bytes];
    row_scalars(group_, seed_, first_ + first, count, scalars);
    functions_.encrypt(key_, scalars, bits_.data + first, count, out_ + first * ciphertext_bytes);
    wipe(scalars, sizeof scalars);
  }

 private:
  static constexpr std::size_t piece_rows = 512;

  const GroupKernel& group_;
  const SumFunctions& functions_;
  const FixedBase key_;
  std::uint8_t seed_[seed_bytes];
  const std::uint64_t first_;
  const Input bits_;
  std::uint8_t* const out_;
};

class SumRowsJob final : public AsyncJob {
 public:
  SumRowsJob(CpuClass cpu_class, const CellRows& rows, std::vector<std::uint8_t> weight_bits, std::uint8_t* out)
      : rows_(rows), weight_bits_(std::move(weight_bits)), sums_(sum_functions(cpu_class), rows_), out_(out) {
    rows_.weight_bits = weight_bits_.data();
    piece_rows_ = piece_ciphertexts / rows_.group_count;
    parts_.resize(piece_count());
    left_ = parts_.size();
  }

  std::size_t piece_count() const override { return (rows_.row_count + piece_rows_ - 1) / piece_rows_; }
  void run(std::size_t piece) override {
    const std::size_t first = piece * piece_rows_;
    const std::size_t rest = rows_.row_count - first;
    fault_.note(sums_.add(first, rest < piece_rows_ ? rest : piece_rows_, &parts_[piece]));
    // The last piece to end sees what the others wrote.
    if (left_.fetch_sub(1, std::memory_order_acq_rel) == 1 && fault_.fault().kind == Fault::none) {
      encode_sums(parts_, out_);
    }
  }
  napi_value result(napi_env env) override {
    const Fault fault = fault_.fault();
    return fault.kind == Fault::none ? held(env, 0) : fault_value(env, fault);
  }

 private:
  static constexpr std::size_t piece_ciphertexts = 1 << 16;

  CellRows rows_;
  const std::vector<std::uint8_t> weight_bits_;
  const CellSums sums_;
  std::uint8_t* const out_;
  std::size_t piece_rows_;
  std::vector<std::vector<PointRow>> parts_;
  std::atomic<std::size_t> left_{0};
  FirstFault fault_;
};

class GateJob final : public AsyncJob {
 public:
  GateJob(CpuClass cpu_class, const FixedBase& key, const GateTests& tests, std::size_t sum_count, std::uint8_t* out)
      : group_(group_kernel(cpu_class)),
        functions_(sum_functions(cpu_class)),
        key_(key),
        tests_(tests),
        sum_count_(sum_count),
        out_(out) {}

  std::size_t piece_count() const override { return sum_count_; }
  void run(std::size_t sum) override {
    fault_.note(tests_.run(group_, functions_, key_, sum, out_ + sum * tests_.length * ciphertext_bytes));
  }
  napi_value result(napi_env env) override {
    const Fault fault = fault_.fault();
    return fault.kind == Fault::none ? held(env, 0) : fault_value(env, fault);
  }

 private:
  const GroupKernel& group_;
  const SumFunctions& functions_;
  const FixedBase key_;
  const GateTests tests_;
  const std::size_t sum_count_;
  std::uint8_t* const out_;
  FirstFault fault_;
};

class LogTableJob final : public AsyncJob {
 public:
  LogTableJob(CpuClass cpu_class, std::size_t bits, std::uint8_t* out)
      : functions_(sum_functions(cpu_class)), bits_(bits), out_(reinterpret_cast<std::uint64_t*>(out)) {}

  std::size_t piece_count() const override { return 1; }
  void run(std::size_t) override { build_log_table(functions_, bits_, out_); }

 private:
  const SumFunctions& functions_;
  const std::size_t bits_;
  std::uint64_t* const out_;
};

class LogJob final : public AsyncJob {
 public:
  LogJob(CpuClass cpu_class, std::size_t bits, Input table, Input points, Input bounds, std::uint8_t* out)
      : functions_(sum_functions(cpu_class)), bits_(bits), table_(table), points_(points), bounds_(bounds), out_(out) {}

  std::size_t piece_count() const override { return points_.length / element_bytes; }
  void run(std::size_t i) override {
    std::int64_t bounds[2], value = 0;
    std::memcpy(bounds, bounds_.data + i * sizeof bounds, sizeof bounds);
    const auto* const words = reinterpret_cast<const std::uint64_t*>(table_.data);
    const LogResult found =
        find_log(functions_, bits_, words, points_.data + i * element_bytes, bounds[0], bounds[1], &value);
    if (found == LogResult::malformed) fault_.note({Fault::malformed, i});
    const double number =
        found == LogResult::found ? static_cast<double>(value) : std::numeric_limits<double>::quiet_NaN();
    std::memcpy(out_ + i * sizeof number, &number, sizeof number);
  }
  napi_value result(napi_env env) override {
    const Fault fault = fault_.fault();
    return fault.kind == Fault::none ? held(env, 0) : fault_value(env, fault);
  }

 private:
  const SumFunctions& functions_;
  const std::size_t bits_;
  const Input table_, points_, bounds_;
  std::uint8_t* const out_;
  FirstFault fault_;
};

/** The table of a public key, which has to be an element. */
FixedBase key_of(Arguments* arguments) {
  FixedBase key;
  const Input encoding = arguments->bytes("publicKey", element_bytes);
  if (!arguments->failed() && !key.set(encoding.data)) arguments->refuse("publicKey: expected an element of the group");
  return key;
}

constexpr std::size_t count_max = std::size_t{1} << 53;

/** sumEncrypt(pool, class, publicKey, seed, firstRow, bits): ciphertexts. */
napi_value encrypt_call(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  PoolHandle* const pool = arguments.pool();
  const CpuClass cpu_class = arguments.cpu_class();
  const FixedBase key = key_of(&arguments);
  const Input seed = arguments.bytes("seed", seed_bytes);
  const std::size_t first = arguments.count("firstRow", 0, count_max);
  const Input bits = arguments.bytes("bits");
  std::uint8_t* const out = arguments.output(bits.length * ciphertext_bytes);
  if (arguments.failed()) return nullptr;
  return arguments.submit(pool, std::make_unique<EncryptJob>(cpu_class, key, seed.data, first, bits, out));
}

/** sumRows(pool, class, ciphertexts, groupCount, cellCount, cells, slotCount, weights, weightBits): sums, or a fault.
 */
napi_value sum_rows_call(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  PoolHandle* const pool = arguments.pool();
  const CpuClass cpu_class = arguments.cpu_class();
  const Input ciphertexts = arguments.bytes("ciphertexts");
  CellRows rows{};
  rows.group_count = arguments.count("groupCount", 1, 8);
  rows.cell_count = arguments.count("cellCount", 1, 256);
  const Input cells = arguments.bytes("cells");
  rows.slot_count = arguments.count("slotCount", 1, 64);
  const Input weights = arguments.bytes("weights");
  const Input weight_bits = arguments.bytes("weightBits");
  if (arguments.failed()) return nullptr;
  rows.weight_count = weight_bits.length;
  rows.row_count = ciphertexts.length / (rows.group_count * ciphertext_bytes);
  rows.ciphertexts = ciphertexts.data;
  rows.cells = reinterpret_cast<const std::uint16_t*>(cells.data);
  rows.weights = reinterpret_cast<const double*>(weights.data);
  if (rows.row_count == 0 || ciphertexts.length != rows.row_count * rows.group_count * ciphertext_bytes) {
    arguments.refuse("ciphertexts: expected whole rows, one at least");
  }
  if (cells.length != rows.row_count * rows.slot_count * sizeof(std::uint16_t) ||
      reinterpret_cast<std::uintptr_t>(cells.data) % sizeof(std::uint16_t) != 0) {
    arguments.refuse("cells: expected a number for each row and slot");
  }
  if (weights.length != rows.row_count * rows.weight_count * sizeof(double) ||
      reinterpret_cast<std::uintptr_t>(weights.data) % sizeof(double) != 0) {
    arguments.refuse("weights: expected a number for each row and weight");
  }
  for (std::size_t w = 0; w < rows.weight_count; w++) {
    if (weight_bits.data[w] > 44) arguments.refuse("weightBits: expected at most 44 bits");
  }
  if (arguments.failed()) return nullptr;
  for (std::size_t i = 0; i < rows.row_count * rows.weight_count; i++) {
    const double weight = rows.weights[i];
    if (!(std::fabs(weight) < std::ldexp(1.0, weight_bits.data[i % rows.weight_count])) ||
        weight != std::trunc(weight)) {
      arguments.refuse("weights: expected integers of the bits that were said");
      break;
    }
  }
  std::uint8_t* const out = arguments.output(rows.sum_count() * ciphertext_bytes);
  if (arguments.failed()) return nullptr;
  std::vector<std::uint8_t> bits(weight_bits.data, weight_bits.data + weight_bits.length);
  return arguments.submit(pool, std::make_unique<SumRowsJob>(cpu_class, rows, std::move(bits), out));
}

/** sumGate(pool, class, publicKey, sums, low, counts, length, seeds): tests, or a fault. `low` is how far below 0 J
 * begins. */
napi_value gate_call(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  PoolHandle* const pool = arguments.pool();
  const CpuClass cpu_class = arguments.cpu_class();
  const FixedBase key = key_of(&arguments);
  const Input sums = arguments.rows("sums", ciphertext_bytes);
  const std::size_t below_zero = arguments.count("belowZero", 0, count_max);
  const std::size_t sum_count = sums.length / ciphertext_bytes;
  const Input counts = arguments.bytes("counts", sum_count * sizeof(std::uint16_t));
  const std::size_t length = arguments.count("length", 1, std::size_t{1} << 20);
  const Input seeds = arguments.bytes("seeds", sum_count * seed_bytes);
  if (!arguments.failed() && reinterpret_cast<std::uintptr_t>(counts.data) % sizeof(std::uint16_t) != 0) {
    arguments.refuse("counts: expected 16-bit numbers");
  }
  std::uint8_t* const out = arguments.output(sum_count * length * ciphertext_bytes);
  if (arguments.failed()) return nullptr;
  const GateTests tests = {sums.data, seeds.data, reinterpret_cast<const std::uint16_t*>(counts.data),
                           -static_cast<std::int64_t>(below_zero), length};
  return arguments.submit(pool, std::make_unique<GateJob>(cpu_class, key, tests, sum_count, out));
}

/** sumLogTable(pool, class, bits): a table for sumLogs. */
napi_value log_table_call(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  PoolHandle* const pool = arguments.pool();
  const CpuClass cpu_class = arguments.cpu_class();
  const std::size_t bits = arguments.count("bits", log_bits_min, log_bits_max);
  std::uint8_t* const out = arguments.output(log_table_words(bits) * sizeof(std::uint64_t));
  if (arguments.failed()) return nullptr;
  return arguments.submit(pool, std::make_unique<LogTableJob>(cpu_class, bits, out));
}

/** sumLogs(pool, class, bits, table, points, bounds): a double for each point, or a fault. */
napi_value logs_call(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  PoolHandle* const pool = arguments.pool();
  const CpuClass cpu_class = arguments.cpu_class();
  const std::size_t bits = arguments.count("bits", log_bits_min, log_bits_max);
  const Input table = arguments.bytes("table", log_table_words(bits) * sizeof(std::uint64_t));
  const Input points = arguments.rows("points", element_bytes);
  const std::size_t count = points.length / element_bytes;
  const Input bounds = arguments.bytes("bounds", count * 2 * sizeof(std::int64_t));
  if (!arguments.failed() && reinterpret_cast<std::uintptr_t>(table.data) % sizeof(std::uint64_t) != 0) {
    arguments.refuse("table: expected 64-bit words");
  }
  std::uint8_t* const out = arguments.output(count * sizeof(double));
  if (arguments.failed()) return nullptr;
  return arguments.submit(pool, std::make_unique<LogJob>(cpu_class, bits, table, points, bounds, out));
}

}  // namespace

void define_sum(napi_env env, napi_value exports) {
  define_function(env, exports, "sumEncrypt", &encrypt_call);
  define_function(env, exports, "sumRows", &sum_rows_call);
  define_function(env, exports, "sumGate", &gate_call);
  define_function(env, exports, "sumLogTable", &log_table_call);
  define_function(env, exports, "sumLogs", &logs_call);
}

}  // namespace causeway
