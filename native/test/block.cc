// Blocks: published and specified values, the laws of both fields, and that every CPU class gives the same bytes.
#include <cstdio>
#include <vector>

#include "check.h"
#include "classes.h"

namespace causeway::test {

using Blocks = std::vector<Block>;

Blocks randomBlocks(TestRandom& random, std::size_t count) {
  Blocks blocks(count);
  for (Block& block : blocks) block = random.block();
  return blocks;
}

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

void knownValues(const BlockKernel& k, const std::string& name) {
  const Block key = blockOf("000102030405060708090a0b0c0d0e0f"), x = blockOf("00112233445566778899aabbccddeeff");
  Block out;
  k.encrypt(&out, &x, 1, key);
  check(hexOf(out) == "69c4e0d86a7b0430d8cdb78070b4c55a", name + ": FIPS 197 appendix C.1");
  k.mmo(&out, &x, 1, key);
  check(hexOf(out) == "69d5c2eb2e2e624750541d3bbc692ba5", name + ": MMO");
  k.tmmo(&out, &x, &key, 1, key);
  check(hexOf(out) == "4723e26391060d7b8d4cd9a41f26ce79", name + ": TMMO");
  const Block product = times(k, x, blockOf("69c4e0d86a7b0430d8cdb78070b4c55a"));
  check(hexOf(product) == "31fde5d8c162bc732115021c1d60e2c8", name + ": product in GF(2^128)");
}

void laws(const BlockKernel& k, const std::string& name) {
  TestRandom random(1);
  for (int i = 0; i < 200; i++) {
    const Block a = random.block(), b = random.block(), c = random.block();
    check(times(k, a, b) == times(k, b, a), name + ": GF(2^128) commutes");
    check(times(k, a, times(k, b, c)) == times(k, times(k, a, b), c), name + ": GF(2^128) associates");
    check(times(k, a, b ^ c) == (times(k, a, b) ^ times(k, a, c)), name + ": GF(2^128) distributes");
    check(times(k, a, Block{1, 0}) == a, name + ": GF(2^128) has 1");
    Block inverse = {1, 0}, power = a;  // a^(2^128 - 2) = a^2 * a^4 * ... * a^(2^127)
    for (int bit = 1; bit < 128; bit++) inverse = times(k, inverse, power = times(k, power, power));
    check(times(k, a, inverse) == Block{1, 0}, name + ": GF(2^128) inverts");

    const std::uint64_t e = random.word(), f = random.word();
    Block labelled;
    k.multiplyByLabels(&labelled, &a, &e, 1);
    check(labelled == times(k, a, Block{e, 0}), name + ": a label is a short element");

    check(times64(k, times64(k, a, e), f) == times64(k, a, times64(k, Block{e, 0}, f).lo), name + ": GF(2^64) associates");
    check(times64(k, Block{e, f}, a.lo).lo == times64(k, Block{a.lo, f}, e).lo, name + ": GF(2^64) commutes");
    check(times64(k, a, e ^ f) == (times64(k, a, e) ^ times64(k, a, f)), name + ": GF(2^64) distributes");
    check(times64(k, a, 1) == a, name + ": GF(2^64) has 1");
    std::uint64_t inverse64 = 1, power64 = e;
    for (int bit = 1; bit < 64; bit++)
      inverse64 = times64(k, Block{inverse64, 0}, power64 = times64(k, Block{power64, 0}, power64).lo).lo;
    check(times64(k, Block{e, e}, inverse64) == Block{1, 1}, name + ": GF(2^64) inverts");
  }
  // x^64 = x^4 + x^3 + x + 1, and x^128 = x^7 + x^2 + x + 1.
  check(times64(k, Block{1ull << 63, 1}, 2) == Block{0x1b, 2}, name + ": the polynomial of GF(2^64)");
  check(times(k, Block{0, 1ull << 63}, Block{2, 0}) == Block{0x87, 0}, name + ": the polynomial of GF(2^128)");
}

void transposition(const BlockKernel& k, const std::string& name) {
  TestRandom random(2);
  const std::size_t count = 384, stride = 5;
  const Blocks columns = randomBlocks(random, 128 * stride);
  Blocks rows(count);
  k.transpose(rows.data(), columns.data(), stride, count);
  const auto bit = [](Block b, std::size_t i) { return (i < 64 ? b.lo >> i : b.hi >> (i - 64)) & 1; };
  bool same = true;
  for (std::size_t j = 0; j < count; j++)
    for (std::size_t i = 0; i < 128; i++) same &= bit(rows[j], i) == bit(columns[i * stride + j / 128], j % 128);
  check(same, name + ": bit i of row j is bit j of column i");
}

/** Every operation on every count up to three AES batches and one, from unaligned starts, into its own input. */
Blocks everything(const BlockKernel& k) {
  TestRandom random(3);
  Blocks results;
  for (std::size_t count = 0; count <= 49; count++) {
    const Block key = random.block(), first = random.block();
    const Blocks a = randomBlocks(random, count), b = randomBlocks(random, count);
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
    keep([&](Block* x) { k.multiplyBy(x, x, key, count); });
    keep([&](Block* x) { k.multiplyByLabels(x, x, labels.data(), count); });
    keep([&](Block* x) { k.multiply64(x, x, labels.data(), count); });
  }
  return results;
}

}  // namespace causeway::test

int main() {
  using namespace causeway::test;
  const auto kernels = blockKernels();
  const Blocks expected = everything(*kernels.front().kernel);
  for (const auto& [name, kernel] : kernels) {
    std::printf("class %s\n", name);
    knownValues(*kernel, name);
    laws(*kernel, name);
    transposition(*kernel, name);
    check(everything(*kernel) == expected, std::string(name) + ": the bytes of portable");
  }
  return finish();
}
