/**
 * Why the code has labels. Noise values are of GF(2^128); where coefficients are 0 and 1, each of the 128 bit planes of
 * the outputs is a sum of the same few columns. So the planes span those columns, and a column is noisy if it lies in
 * that span (interleaved decoding: Metzner and Kapturowski 1990). With labels it finds nothing.
 */
#include <array>
#include <set>
#include <vector>

#include "block/secret-buffer.h"
#include "blocks.h"
#include "check.h"
#include "vole/kernel.h"

namespace {

using causeway::Block;
using causeway::Form;
using causeway::SecretBuffer;
using causeway::vole::Code;
using causeway::vole::CodeKernel;
using causeway::vole::CodeTables;

constexpr std::size_t outputs = 4096, length = 2 * outputs, noise_weight = 120, looked_at = 512;

/** The first outputs' bits in one plane. */
using Plane = std::array<std::uint64_t, looked_at / 64>;

/** A space of planes over GF(2), reduced: each basis vector alone has its leading bit. */
class Span {
 public:
  std::size_t rank() const { return basis_.size(); }
  bool holds(Plane plane) const { return reduce(plane) == looked_at; }
  void add(Plane plane) {
    const std::size_t leading = reduce(plane);
    if (leading < looked_at) basis_.push_back({leading, plane});
  }

 private:
  struct Vector {
    std::size_t leading;
    Plane plane;
  };

  static bool bit(const Plane& plane, std::size_t i) { return plane[i / 64] >> i % 64 & 1; }

  /** @returns the first bit that is left, or `looked_at` when none is. */
  std::size_t reduce(Plane& plane) const {
    for (const Vector& each : basis_) {
      if (!bit(plane, each.leading)) continue;
      for (std::size_t w = 0; w < plane.size(); w++) plane[w] ^= each.plane[w];
    }
    std::size_t leading = 0;
    while (leading < looked_at && !bit(plane, leading)) leading++;
    return leading;
  }

  std::vector<Vector> basis_;
};

std::vector<Plane> planes_of(const CodeTables& tables, const Blocks& x) {
  const CodeKernel& kernel = causeway::vole::vole_kernel_portable.code(Form::fast, 1);
  SecretBuffer<Block> y(length), z(length), out(outputs);
  Block sum = {0, 0};
  kernel.first(tables, x.data(), 0, length, &sum, y.data());
  kernel.second(tables, y.data(), z.data());
  kernel.compress(tables, z.data(), out.data());
  std::vector<Plane> planes(128, Plane{});
  for (std::size_t j = 0; j < looked_at; j++) {
    for (std::size_t b = 0; b < 128; b++) {
      const std::uint64_t bit = (b < 64 ? out[j].lo >> b : out[j].hi >> (b - 64)) & 1;
      planes[b][j / 64] |= bit << j % 64;
    }
  }
  return planes;
}

/** Vectors that are 1 at one place: `columns` of them in planes of their own, which 0/1 coefficients keep apart. */
Blocks unit(std::size_t first, std::size_t columns) {
  Blocks x(length, Block{0, 0});
  for (std::size_t b = 0; b < columns; b++) {
    x[first + b] = b < 64 ? Block{std::uint64_t{1} << b, 0} : Block{0, std::uint64_t{1} << (b - 64)};
  }
  return x;
}

Span span_of(const CodeTables& tables, const Blocks& noisy) {
  Span span;
  for (const Plane& plane : planes_of(tables, noisy)) span.add(plane);
  return span;
}

}  // namespace

int main() {
  TestRandom random(1);
  std::set<std::size_t> noise;
  while (noise.size() < noise_weight) noise.insert(random.below(length));
  Blocks noisy(length, Block{0, 0});
  for (std::size_t i : noise) noisy[i] = random.block();
  const Code code(causeway::block_kernel_portable, outputs, random.block());

  // The attack works on the code without labels: it finds all noisy columns, and no other.
  const std::vector<std::uint64_t> ones(length, 1);
  CodeTables unlabelled = code.tables();
  unlabelled.label[0] = unlabelled.label[1] = ones.data();
  const Span weak = span_of(unlabelled, noisy);
  CHECK(weak.rank() == noise_weight);
  std::set<std::size_t> found;
  for (std::size_t first = 0; first < length; first += 128) {
    const std::vector<Plane> columns = planes_of(unlabelled, unit(first, 128));
    for (std::size_t b = 0; b < 128; b++) {
      if (weak.holds(columns[b])) found.insert(first + b);
    }
  }
  CHECK(found == noise);

  // Labels fill the span, and no plane of a noisy column, nor of its neighbour, lies in it.
  const Span strong = span_of(code.tables(), noisy);
  CHECK(strong.rank() == 128);
  for (std::size_t i : noise) {
    for (std::size_t column : {i, (i + 1) % length}) {
      for (const Plane& plane : planes_of(code.tables(), unit(column, 1))) {
        // A column of very few outputs has planes of zeros, which lie in every span.
        if (plane != Plane{}) CHECK(!strong.holds(plane));
      }
    }
  }
  return 0;
}
