/** The passes of the code for classes with one block to a register. */
#pragma once

#include "vole/kernel.h"

namespace causeway::vole {
namespace {

template <class C, Form form, std::size_t width>
class ScalarCode {
 public:
  using Vec = typename C::Vec;

  static void first(const CodeTables& code, const Block* x, std::size_t from, std::size_t count, Block* sums,
                    Block* out) {
    Vec acc[width];
    for (std::size_t v = 0; v < width; v++) acc[v] = C::load(sums + v);
    for (std::size_t i = 0; i < count; i++) put(code, 0, from + i, x + width * i, acc, out);
    for (std::size_t v = 0; v < width; v++) C::store(sums + v, acc[v]);
  }

  static void second(const CodeTables& code, const Block* x, Block* out) {
    Vec acc[width];
    for (Vec& each : acc) each = C::broadcast(Block{0, 0});
    for (std::size_t j = 0; j < 2 * code.outputs; j++) {
      __builtin_prefetch(x + width * (j + code.region_length));
      put(code, 1, j, x + width * (code.region(j) + code.place[0][j]), acc, out);
    }
  }

  static void compress(const CodeTables& code, const Block* x, Block* out) {
    for (std::size_t start = 0; start < code.outputs; start += 32) {
      const Block* next = x + width * (start + code.region_length);
      for (std::size_t i = 0; i < 32 * width; i += 4) {
        __builtin_prefetch(next + i);
        __builtin_prefetch(next + width * code.outputs + i);
      }
      for (std::size_t v = 0; v < width; v++) compress_tile(code, x + v, start, out + v * code.outputs);
    }
  }

 private:
  /** Adds element i to the running sums, and puts them, labelled, in its slot. */
  CAUSEWAY_INLINE static void put(const CodeTables& code, int pass, std::size_t i, const Block* element,
                                  Vec (&acc)[width], Block* out) {
    const typename C::Labels label = C::load_labels(code.label[pass] + i);
    Block* to = out + width * code.slot[pass][i];
    for (std::size_t v = 0; v < width; v++) {
      acc[v] = C::exclusive_or(acc[v], C::load(element + v));
      C::store(to + v, form == Form::fast ? C::multiply_by_label(acc[v], label) : C::multiply64(acc[v], label));
    }
  }

  /** 32 outputs of one vector. Rows are public: sums of four inputs each are made once and looked up. */
  static void compress_tile(const CodeTables& code, const Block* x, std::size_t start, Block* out) {
    const Block* inputs = x + width * code.region(code.outputs + start);
    const std::uint16_t* places = code.place[1] + code.outputs + start;
    Block sums[8][16];
    for (std::size_t group = 0; group < 8; group++) {
      sums[group][0] = Block{0, 0};
      for (std::size_t i = 0; i < 4; i++) {
        const Block input = inputs[width * places[4 * group + i]];
        for (std::size_t k = 0; k < std::size_t{1} << i; k++) sums[group][k + (1 << i)] = sums[group][k] ^ input;
      }
    }
    for (std::size_t j = start; j < start + 32; j++) {
      Block sum = x[width * (code.region(start) + code.place[1][j])];
      const std::uint8_t* row = code.rows + 32 * (j / 8) + j % 8;
      for (std::size_t byte = 0; byte < 4; byte++) {
        sum ^= sums[2 * byte][row[8 * byte] & 15] ^ sums[2 * byte + 1][row[8 * byte] >> 4];
      }
      out[j] = sum;
    }
  }
};

template <class C, Form form, std::size_t width>
constexpr CodeKernel scalar_code = {ScalarCode<C, form, width>::first, ScalarCode<C, form, width>::second,
                                    ScalarCode<C, form, width>::compress};

}  // namespace
}  // namespace causeway::vole
