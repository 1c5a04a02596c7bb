/** join/sum's arithmetic: scalars against plain subtraction, the classes against each other, logarithms at their edges.
 */
#include <cstring>
#include <random>
#include <vector>

#include "check.h"
#include "cpu/cpu-class.h"
#include "sum/cells.h"
#include "sum/gate.h"
#include "sum/logs.h"

namespace {

using namespace causeway;
using Bytes = std::vector<std::uint8_t>;

constexpr std::uint8_t order[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7,
                                    0xa2, 0xde, 0xf9, 0xde, 0x14, 0,    0,    0,    0,    0,    0,
                                    0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};

std::mt19937_64 random_source(7);

Bytes random_bytes(std::size_t count) {
  Bytes out(count);
  for (std::uint8_t& byte : out) byte = static_cast<std::uint8_t>(random_source());
  return out;
}

/** wide mod ℓ, bit by bit from the top: doubled, the bit added, ℓ taken off where it fits. */
Bytes plain_reduced(const Bytes& wide) {
  Bytes rest(33, 0);
  for (std::size_t bit = 8 * wide.size(); bit-- > 0;) {
    unsigned carry = wide[bit / 8] >> (bit % 8) & 1u;
    for (std::uint8_t& byte : rest) {
      const unsigned doubled = 2u * byte + carry;
      byte = static_cast<std::uint8_t>(doubled);
      carry = doubled >> 8;
    }
    Bytes less(33);
    int borrow = 0;
    for (std::size_t i = 0; i < 33; i++) {
      const int difference = rest[i] - (i < 32 ? order[i] : 0) - borrow;
      less[i] = static_cast<std::uint8_t>(difference);
      borrow = difference < 0;
    }
    if (borrow == 0) rest = less;
  }
  rest.resize(32);
  return rest;
}

void check_reduction(const Bytes& wide) {
  Bytes scalar(32);
  reduce_wide(wide.data(), scalar.data());
  CHECK(scalar == plain_reduced(wide));
}

/** factor · ℓ + offset, in 64 bytes. */
Bytes multiple(unsigned factor, int offset) {
  Bytes out(64, 0);
  int carry = offset;
  for (std::size_t i = 0; i < 64; i++) {
    carry += (i < 32 ? order[i] : 0) * static_cast<int>(factor);
    out[i] = static_cast<std::uint8_t>(carry);
    carry >>= 8;
  }
  return out;
}

void reductions() {
  check_reduction(Bytes(64, 0));
  check_reduction(Bytes(64, 0xff));
  for (unsigned factor : {1u, 2u, 3u, 4u, 255u, 65535u}) {
    for (int offset : {-1, 0, 1}) check_reduction(multiple(factor, offset));
  }
  for (std::size_t bit : {251u, 252u, 253u, 377u, 385u, 504u, 511u}) {
    Bytes wide(64, 0);
    wide[bit / 8] = static_cast<std::uint8_t>(1 << (bit % 8));
    check_reduction(wide);
  }
  for (int i = 0; i < 2000; i++) check_reduction(random_bytes(64));
}

/** Everything that a class computes of some rows, one after the other. */
Bytes answers(CpuClass cpu_class, const Bytes& seed, std::size_t rows) {
  const GroupKernel& group = group_kernel(cpu_class);
  const SumFunctions& functions = sum_functions(cpu_class);
  FixedBase key;
  Bytes scalars(32 * rows), bits(rows), ciphertexts(64 * rows);
  row_scalars(group, seed.data(), 1, rows, scalars.data());
  for (std::size_t i = 0; i < rows; i++) bits[i] = static_cast<std::uint8_t>(i % 3 == 0);
  functions.encrypt(generator_table(), scalars.data(), bits.data(), rows, ciphertexts.data());
  CHECK(key.set(ciphertexts.data()));
  functions.encrypt(key, scalars.data(), bits.data(), rows, ciphertexts.data());

  std::vector<std::uint16_t> cells(2 * rows);
  std::vector<double> weights(2 * rows);
  for (std::size_t i = 0; i < 2 * rows; i++) {
    cells[i] = i % 7 == 0 ? CellRows::no_cell : static_cast<std::uint16_t>(i % 3);
    weights[i] = i % 5 == 0 ? 0 : static_cast<double>(i) * 1000 - 50'000;
  }
  const std::uint8_t weight_bits[2] = {24, 24};
  const CellRows of = {ciphertexts.data(), cells.data(), weights.data(), rows, 1, 3, 2, 2, weight_bits};
  std::vector<std::vector<PointRow>> parts(2);
  const CellSums sums(functions, of);
  CHECK(sums.add(0, rows / 2, &parts[0]).kind == Fault::none);
  CHECK(sums.add(rows / 2, rows - rows / 2, &parts[1]).kind == Fault::none);
  Bytes out(ciphertext_bytes * of.sum_count());
  encode_sums(parts, out.data());

  const std::uint16_t counts[1] = {5};
  const GateTests gate = {out.data(), seed.data(), counts, -2, 9};
  Bytes tests(9 * ciphertext_bytes);
  CHECK(gate.run(group, functions, key, 0, tests.data()).kind == Fault::none);
  out.insert(out.end(), tests.begin(), tests.end());
  out.insert(out.end(), ciphertexts.begin(), ciphertexts.end());

  ciphertexts[64 * (rows - 1) + 32] ^= 1;
  std::vector<AddendPair> pairs(rows);
  const Fault fault = functions.decode(ciphertexts.data(), 2 * rows, &pairs[0].half[0]);
  CHECK(fault.kind == Fault::none || fault.row == 2 * rows - 1);
  out.push_back(fault.kind);
  return out;
}

void logarithms(const SumFunctions& functions) {
  constexpr std::size_t bits = 6;
  std::vector<std::uint64_t> words(log_table_words(bits), 0);
  build_log_table(functions, bits, words.data());
  // The generator times 1: a value of 1 between bounds on either side of it.
  std::uint8_t one[32] = {0xe2, 0xf2, 0xae, 0x0a, 0x6a, 0xbc, 0x4e, 0x71, 0xa8, 0x84, 0xa9,
                          0x61, 0xc5, 0x00, 0x51, 0x5f, 0x58, 0xe3, 0x0b, 0x6a, 0xa5, 0x82,
                          0xdd, 0x8d, 0xb6, 0xa6, 0x59, 0x45, 0xe0, 0x8d, 0x2d, 0x76};
  for (std::int64_t low : {-5000, -129, -128, -127, -65, -64, -63, 0, 1}) {
    for (std::int64_t high : {1, 2, 63, 64, 65, 127, 128, 129, 5000}) {
      std::int64_t value = 0;
      CHECK(find_log(functions, bits, words.data(), one, low, high, &value) == LogResult::found && value == 1);
    }
  }
  std::int64_t value = 0;
  CHECK(find_log(functions, bits, words.data(), one, 2, 5000, &value) == LogResult::none);
  CHECK(find_log(functions, bits, words.data(), one, -5000, 0, &value) == LogResult::none);
  one[31] |= 0x80;
  CHECK(find_log(functions, bits, words.data(), one, 0, 1, &value) == LogResult::malformed);
}

}  // namespace

int main() {
  reductions();
  for (std::size_t rows : {2u, 9u, 130u, 400u}) {
    const Bytes seed = random_bytes(32);
    const Bytes expected = answers(CpuClass::portable, seed, rows);
    for (CpuClass each : cpu_classes) {
      if (is_available(each)) CHECK(answers(each, seed, rows) == expected);
    }
  }
  for (CpuClass each : cpu_classes) {
    if (is_available(each)) logarithms(sum_functions(each));
  }
  return 0;
}
