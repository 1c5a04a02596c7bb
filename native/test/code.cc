/** The code: its specified values, its plain definition, its matrix, and the same outputs from every class. */
#include <algorithm>
#include <string>
#include <vector>

#include "blocks.h"
#include "check.h"
#include "vole/kernel.h"

namespace {

using causeway::Block;
using causeway::block_kernel_portable;
using causeway::CpuClass;
using causeway::Form;
using causeway::vole::Code;
using causeway::vole::CodeKernel;
using causeway::vole::CodeTables;

const Block seed = block_of("000102030405060708090a0b0c0d0e0f");
constexpr Form forms[] = {Form::fast, Form::low};

/** a * e, the product of the form. */
Block times(Form form, Block a, std::uint64_t e) {
  Block out;
  if (form == Form::fast) block_kernel_portable.multiply_by_labels(&out, &a, &e, 1);
  if (form == Form::low) block_kernel_portable.multiply64(&out, &a, &e, 1);
  return out;
}

/** What the definition names, drawn as it says, apart from the tables of the passes. */
struct Drawn {
  std::vector<std::uint32_t> permutation[2];
  std::vector<std::uint64_t> label[2];
  std::vector<std::uint32_t> rows;
};

template <class T>
std::vector<T> words_of(Block key, std::size_t count) {
  Blocks stream(count * sizeof(T) / sizeof(Block));
  block_kernel_portable.stream(stream.data(), stream.size(), key, Block{0, 0});
  std::vector<T> words(count);
  std::memcpy(words.data(), stream.data(), count * sizeof(T));
  return words;
}

Drawn draw(std::size_t outputs) {
  Block keys[6];
  for (std::uint64_t i = 0; i < 6; i++) keys[i] = Block{i, 0};
  block_kernel_portable.mmo(keys, keys, 6, seed);
  Drawn drawn;
  for (int pass = 0; pass < 2; pass++) {
    drawn.permutation[pass] = Code::permutation(block_kernel_portable, 2 * outputs, keys[1 + pass]);
    drawn.label[pass] = words_of<std::uint64_t>(keys[3 + pass], 2 * outputs);
    std::replace(drawn.label[pass].begin(), drawn.label[pass].end(), std::uint64_t{0}, std::uint64_t{1});
  }
  drawn.rows = words_of<std::uint32_t>(keys[5], outputs);
  return drawn;
}

Blocks plain(const Drawn& drawn, Form form, Blocks x) {
  const std::size_t outputs = x.size() / 2;
  for (int pass = 0; pass < 2; pass++) {
    Block sum = {0, 0};
    Blocks y(x.size());
    for (std::size_t i = 0; i < x.size(); i++) {
      sum ^= x[i];
      y[drawn.permutation[pass][i]] = times(form, sum, drawn.label[pass][i]);
    }
    x = y;
  }
  Blocks out(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(outputs));
  for (std::size_t j = 0; j < outputs; j++) {
    for (std::size_t i = 0; i < 32; i++) {
      if (drawn.rows[j] >> i & 1) out[j] ^= x[outputs + j / 32 * 32 + i];
    }
  }
  return out;
}

/** The passes of a class over vectors of one length, the first cut after `cut` elements. */
std::vector<Blocks> encode(const CodeKernel& kernel, const CodeTables& tables, const std::vector<Blocks>& vectors,
                           std::size_t cut = 0) {
  const std::size_t width = vectors.size(), length = 2 * tables.outputs;
  const auto aligned = [&] {
    return static_cast<Block*>(std::aligned_alloc(64, std::max<std::size_t>(64, width * length * sizeof(Block))));
  };
  Block* const x = aligned();
  Block* const y = aligned();
  for (std::size_t i = 0; i < length; i++) {
    for (std::size_t v = 0; v < width; v++) x[width * i + v] = vectors[v][i];
  }
  Block sums[2] = {};
  kernel.first(tables, x, 0, cut, sums, y);
  kernel.first(tables, x + width * cut, cut, length - cut, sums, y);
  kernel.second(tables, y, x);
  kernel.compress(tables, x, y);
  std::vector<Blocks> out;
  for (std::size_t v = 0; v < width; v++) out.emplace_back(y + v * tables.outputs, y + (v + 1) * tables.outputs);
  std::free(x);
  std::free(y);
  return out;
}

void specified_values() {
  const Drawn drawn = draw(1024);
  const auto begins = [](const std::vector<std::uint32_t>& p, std::vector<std::uint32_t> with) {
    return std::equal(with.begin(), with.end(), p.begin());
  };
  CHECK(begins(drawn.permutation[0], {552, 765, 1180, 815}));
  CHECK(begins(drawn.permutation[1], {228, 1816, 1925, 367}));
  CHECK(drawn.label[0][0] == 0x65e29f0ed05c8e7a);
  CHECK(drawn.label[1][0] == 0xe4089b58b06d9843);
  CHECK(drawn.rows[0] == 0x5c9cd967);
  Blocks x(2048);
  for (std::size_t i = 0; i < x.size(); i++) x[i] = Block{i + 1, 0};
  const Blocks out = plain(drawn, Form::fast, x);
  CHECK(hex_of(out[0]) == "921c418f961544308f569b612b7dde29");
  CHECK(hex_of(out[1023]) == "04cb1de7c1bb797a61c66fd68a553432");
}

void well_drawn(std::size_t outputs) {
  const Drawn drawn = draw(outputs);
  for (int pass = 0; pass < 2; pass++) {
    std::vector<std::uint32_t> sorted = drawn.permutation[pass];
    std::sort(sorted.begin(), sorted.end());
    for (std::uint32_t i = 0; i < sorted.size(); i++) CHECK(sorted[i] == i);
    const auto& label = drawn.label[pass];
    CHECK(std::none_of(label.begin(), label.end(), [](std::uint64_t e) { return e == 0; }));
    CHECK(std::count(label.begin(), label.end(), std::uint64_t{1}) < 2);
  }
  CHECK(drawn.permutation[0] != drawn.permutation[1]);
  CHECK(drawn.label[0] != drawn.label[1]);
}

void passes_follow_the_definition(std::size_t outputs) {
  TestRandom random(outputs);
  const Drawn drawn = draw(outputs);
  const Blocks x = random.blocks(2 * outputs), y = random.blocks(2 * outputs);
  for (Form form : forms) {
    const Blocks expected_x = plain(drawn, form, x), expected_y = plain(drawn, form, y);
    for (CpuClass each : causeway::cpu_classes) {
      if (!causeway::is_available(each)) continue;
      const auto& kernel = causeway::vole::vole_kernel(each);
      const Code code(*kernel.blocks, outputs, seed);
      for (std::size_t cut : {std::size_t{0}, std::size_t{4}, outputs, 2 * outputs}) {
        CHECK(encode(kernel.code(form, 1), code.tables(), {x}, cut)[0] == expected_x);
      }
      const std::vector<Blocks> both = encode(kernel.code(form, 2), code.tables(), {x, y}, outputs / 2);
      CHECK(both[0] == expected_x);
      CHECK(both[1] == expected_y);
    }
  }
}

/** Column i is the code of the unit vector i; the code of any vector is the matrix times it. */
void is_its_matrix() {
  const std::size_t outputs = 64;
  TestRandom random(7);
  const Drawn drawn = draw(outputs);
  const Blocks x = random.blocks(2 * outputs);
  for (Form form : forms) {
    Blocks sum(outputs, Block{0, 0});
    for (std::size_t i = 0; i < x.size(); i++) {
      Blocks unit(2 * outputs, Block{0, 0});
      unit[i] = Block{1, 0};
      const Blocks column = plain(drawn, form, unit);
      for (std::size_t j = 0; j < outputs; j++) {
        // In the form `low` the matrix is over GF(2^64), and the vector over its square.
        Block term;
        if (form == Form::fast) block_kernel_portable.multiply(&term, &column[j], &x[i], 1);
        if (form == Form::low) block_kernel_portable.multiply64(&term, &x[i], &column[j].lo, 1);
        sum[j] ^= term;
      }
    }
    CHECK(plain(drawn, form, x) == sum);
  }
}

Block inverse(Block a) {
  Block result = {1, 0}, power = a;  // a^(2^128 - 2)
  for (int bit = 1; bit < 128; bit++) {
    block_kernel_portable.multiply(&power, &power, &power, 1);
    block_kernel_portable.multiply(&result, &result, &power, 1);
  }
  return result;
}

/**
 * Of all outputs, combined so that each depends on one input of an information set, the share of inputs that the
 * lightest depends on: what an attacker reaches with linear algebra alone.
 */
double least_weight(const CodeTables& tables) {
  const std::size_t rows = tables.outputs, columns = 2 * tables.outputs;
  const auto& kernel = causeway::vole::vole_kernel_portable.code(Form::fast, 1);
  std::vector<Blocks> matrix(rows, Blocks(columns));
  for (std::size_t i = 0; i < columns; i++) {
    Blocks unit(columns, Block{0, 0});
    unit[i] = Block{1, 0};
    const Blocks column = encode(kernel, tables, {unit})[0];
    for (std::size_t j = 0; j < rows; j++) matrix[j][i] = column[j];
  }
  const auto is_zero = [](Block b) { return b == Block{0, 0}; };
  Blocks scaled(columns);
  for (std::size_t row = 0, column = 0; row < rows; column++) {
    CHECK(column < columns);  // otherwise the outputs would depend on each other
    std::size_t pivot = row;
    while (pivot < rows && is_zero(matrix[pivot][column])) pivot++;
    if (pivot == rows) continue;
    std::swap(matrix[row], matrix[pivot]);
    block_kernel_portable.multiply_by(matrix[row].data(), matrix[row].data(), inverse(matrix[row][column]), columns);
    for (std::size_t other = 0; other < rows; other++) {
      if (other == row || is_zero(matrix[other][column])) continue;
      block_kernel_portable.multiply_by(scaled.data(), matrix[row].data(), matrix[other][column], columns);
      for (std::size_t i = 0; i < columns; i++) matrix[other][i] ^= scaled[i];
    }
    row++;
  }
  std::ptrdiff_t least = static_cast<std::ptrdiff_t>(columns);
  for (const Blocks& row : matrix) {
    least = std::min(least, static_cast<std::ptrdiff_t>(columns) - std::count_if(row.begin(), row.end(), is_zero));
  }
  return static_cast<double>(least) / static_cast<double>(columns);
}

/** A linear test misses the noise with a probability that falls with its weight; without labels there are light ones.
 */
void has_no_light_systematic_rows() {
  const std::size_t outputs = 64;
  const Code code(block_kernel_portable, outputs, seed);
  CHECK(least_weight(code.tables()) > 0.49);
  const std::vector<std::uint64_t> ones(2 * outputs, 1);
  CodeTables unlabelled = code.tables();
  unlabelled.label[0] = unlabelled.label[1] = ones.data();
  CHECK(least_weight(unlabelled) < 0.25);
}

void is_linear() {
  const std::size_t outputs = 1024;
  TestRandom random(8);
  const Code code(block_kernel_portable, outputs, seed);
  const auto& kernel = causeway::vole::vole_kernel_portable;
  for (Form form : forms) {
    const Blocks x = random.blocks(2 * outputs), y = random.blocks(2 * outputs);
    const Block factor = random.block();
    const auto scaled = [&](Block a) {
      Block out;
      if (form == Form::fast) block_kernel_portable.multiply(&out, &a, &factor, 1);
      if (form == Form::low) out = times(form, a, factor.lo);
      return out;
    };
    Blocks sum(x.size());
    for (std::size_t i = 0; i < x.size(); i++) sum[i] = scaled(x[i]) ^ y[i];
    const std::vector<Blocks> out = encode(kernel.code(form, 2), code.tables(), {x, y});
    const Blocks of_sum = encode(kernel.code(form, 1), code.tables(), {sum})[0];
    for (std::size_t j = 0; j < outputs; j++) CHECK(of_sum[j] == (scaled(out[0][j]) ^ out[1][j]));
  }
}

}  // namespace

int main() {
  specified_values();
  well_drawn(64);
  well_drawn(std::size_t{1} << 13);
  for (std::size_t outputs : {32, 64, 512, 1024, 8192}) passes_follow_the_definition(outputs);
  is_its_matrix();
  is_linear();
  has_no_light_systematic_rows();
  return 0;
}
