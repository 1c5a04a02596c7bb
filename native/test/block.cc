/** Blocks: published and specified values, the laws of both fields, and the same bytes from every class. */
#include "block/kernel.h"
#include "blocks.h"
#include "check.h"
#include "cpu/cpu-class.h"

namespace {

using causeway::Block;
using causeway::BlockKernel;
using causeway::CpuClass;

constexpr Block one = {1, 0};

Block times(const BlockKernel& k, Block a, Block b) {
  Block out;
  k.multiply(&out, &a, &b, 1);
  return out;
}

Block times64(const BlockKernel& k, Block a, std::uint64_t b) {
  Block out;
  k.multiply64(&out, &a, &b, 1);
  return out;
}

void known_values(const BlockKernel& k) {
  const Block key = block_of("000102030405060708090a0b0c0d0e0f"), x = block_of("00112233445566778899aabbccddeeff");
  Block out;
  k.encrypt(&out, &x, 1, key);
  CHECK(hex_of(out) == "69c4e0d86a7b0430d8cdb78070b4c55a");  // FIPS 197 appendix C.1
  k.mmo(&out, &x, 1, key);
  CHECK(hex_of(out) == "69d5c2eb2e2e624750541d3bbc692ba5");  // MMO
  k.tmmo(&out, &x, &key, 1, key);
  CHECK(hex_of(out) == "4723e26391060d7b8d4cd9a41f26ce79");  // TMMO
  const Block product = times(k, x, block_of("69c4e0d86a7b0430d8cdb78070b4c55a"));
  CHECK(hex_of(product) == "31fde5d8c162bc732115021c1d60e2c8");  // product in GF(2^128)
}

void laws(const BlockKernel& k) {
  TestRandom random(1);
  for (int i = 0; i < 200; i++) {
    const Block a = random.block(), b = random.block(), c = random.block();
    CHECK(times(k, a, b) == times(k, b, a));                            // GF(2^128) commutes
    CHECK(times(k, a, times(k, b, c)) == times(k, times(k, a, b), c));  // GF(2^128) associates
    CHECK(times(k, a, b ^ c) == (times(k, a, b) ^ times(k, a, c)));     // GF(2^128) distributes
    const Block left[3] = {a, b, c}, right[3] = {b, c, a};
    CHECK(k.inner_product(left, right, 3) == (times(k, a, b) ^ times(k, b, c) ^ times(k, c, a)));
    CHECK(times(k, a, one) == a);       // GF(2^128) has 1
    Block inverse = {1, 0}, power = a;  // a^(2^128 - 2) = a^2 * a^4 * ... * a^(2^127)
    for (int bit = 1; bit < 128; bit++) inverse = times(k, inverse, power = times(k, power, power));
    CHECK(times(k, a, inverse) == one);  // GF(2^128) inverts

    const std::uint64_t e = random.word(), f = random.word();
    Block labelled;
    k.multiply_by_labels(&labelled, &a, &e, 1);
    CHECK(labelled == times(k, a, Block{e, 0}));  // a label is a short element

    CHECK(times64(k, times64(k, a, e), f) == times64(k, a, times64(k, Block{e, 0}, f).lo));  // GF(2^64) associates
    CHECK(times64(k, Block{e, f}, a.lo).lo == times64(k, Block{a.lo, f}, e).lo);             // GF(2^64) commutes
    CHECK(times64(k, a, e ^ f) == (times64(k, a, e) ^ times64(k, a, f)));                    // GF(2^64) distributes
    CHECK(times64(k, a, 1) == a);                                                            // GF(2^64) has 1
    std::uint64_t inverse64 = 1, power64 = e;
    for (int bit = 1; bit < 64; bit++)
      inverse64 = times64(k, Block{inverse64, 0}, power64 = times64(k, Block{power64, 0}, power64).lo).lo;
    CHECK((times64(k, Block{e, e}, inverse64) == Block{1, 1}));  // GF(2^64) inverts
  }
  const std::uint64_t top = std::uint64_t{1} << 63;
  // x^64 = x^4 + x^3 + x + 1, and x^128 = x^7 + x^2 + x + 1.
  CHECK((times64(k, Block{top, 1}, 2) == Block{0x1b, 2}));          // the polynomial of GF(2^64)
  CHECK((times(k, Block{0, top}, Block{2, 0}) == Block{0x87, 0}));  // the polynomial of GF(2^128)
}

void transposition(const BlockKernel& k) {
  TestRandom random(2);
  const std::size_t count = 384, stride = 5;
  const Blocks columns = random.blocks(128 * stride);
  Blocks rows(count);
  k.transpose(rows.data(), columns.data(), stride, count);
  const auto bit = [](Block b, std::size_t i) { return (i < 64 ? b.lo >> i : b.hi >> (i - 64)) & 1; };
  bool same = true;
  for (std::size_t j = 0; j < count; j++)
    for (std::size_t i = 0; i < 128; i++) same &= bit(rows[j], i) == bit(columns[i * stride + j / 128], j % 128);
  CHECK(same);  // bit i of row j is bit j of column i
}

/** Every operation on every count up to three AES batches and one; each result into its own input. */
Blocks everything(const BlockKernel& k) {
  TestRandom random(3);
  Blocks results;
  for (std::size_t count = 0; count <= 49; count++) {
    const Block key = random.block(), first = random.block();
    const Blocks a = random.blocks(count), b = random.blocks(count);
    std::vector<std::uint64_t> labels(count);
    for (std::uint64_t& label : labels) label = random.word();
    const auto keep = [&](auto operation) {
      Blocks out = a;
      operation(out.data());
      results.insert(results.end(), out.begin(), out.end());
    };
    keep([&](Block* x) { k.encrypt(x, x, count, key); });
    keep([&](Block* x) { k.mmo(x, x, count, key); });
    keep([&](Block* x) { k.tmmo(x, x, b.data(), count, key); });
    keep([&](Block* x) { k.stream(x, count, key, first); });
    keep([&](Block* x) { k.multiply(x, x, b.data(), count); });
    keep([&](Block* x) {
      for (std::size_t n = 0; n < count; n++) x[n] = k.inner_product(a.data(), b.data(), n);
    });
    keep([&](Block* x) { k.multiply_by(x, x, key, count); });
    keep([&](Block* x) { k.multiply_by_labels(x, x, labels.data(), count); });
    keep([&](Block* x) { k.multiply64(x, x, labels.data(), count); });
  }
  return results;
}

}  // namespace

int main() {
  const Blocks expected = everything(causeway::block_kernel(CpuClass::portable));
  for (CpuClass each : causeway::cpu_classes) {
    if (!causeway::is_available(each)) continue;
    const BlockKernel& kernel = causeway::block_kernel(each);
    known_values(kernel);
    laws(kernel);
    transposition(kernel);
    CHECK(everything(kernel) == expected);
  }
  return 0;
}
