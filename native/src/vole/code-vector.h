/**
 * The passes of the code for the class `ifma`. A register holds four consecutive elements of one vector, or two of two
 * vectors side by side; the last step multiplies by 8 x 8 bit matrices (GFNI).
 */
#pragma once

#include "block/ifma.h"
#include "vole/kernel.h"

namespace causeway::vole {
namespace {

/** Which bytes of two registers make one (VPERMI2B). */
struct alignas(64) ByteIndex {
  std::uint8_t byte[64];
};

/** Of eight blocks, bytes 8 * half + p for p = 0..7: those of one position together, the last block first. */
constexpr ByteIndex by_position(unsigned half) {
  ByteIndex index{};
  for (unsigned p = 0; p < 8; p++) {
    for (unsigned block = 0; block < 8; block++) {
      index.byte[8 * p + 7 - block] = static_cast<std::uint8_t>(16 * block + 8 * half + p);
    }
  }
  return index;
}

/** Back: of eight blocks in the order that `by_position` gives (but the first block first), the four from 4 * part. */
constexpr ByteIndex by_block(unsigned part) {
  ByteIndex index{};
  for (unsigned block = 0; block < 4; block++) {
    for (unsigned p = 0; p < 16; p++) {
      index.byte[16 * block + p] = static_cast<std::uint8_t>(8 * p + 4 * part + block);
    }
  }
  return index;
}

constexpr ByteIndex to_positions[2] = {by_position(0), by_position(1)};
constexpr ByteIndex to_blocks[2] = {by_block(0), by_block(1)};

template <Form form, std::size_t width>
class VectorCode {
 public:
  static void first(const CodeTables& code, const Block* x, std::size_t from, std::size_t count, Block* sums,
                    Block* out) {
    Vec carry = load_sums(sums);
    for (std::size_t i = 0; i < count; i += elements) put(code, 0, from + i, Ifma::load(x + width * i), carry, out);
    store_sums(sums, carry);
  }

  static void second(const CodeTables& code, const Block* x, Block* out) {
    Vec carry = _mm512_setzero_si512();
    for (std::size_t j = 0; j < 2 * code.outputs; j += elements) {
      const Block* next = x + width * (j + code.region_length);
      _mm_prefetch(reinterpret_cast<const char*>(next), _MM_HINT_T0);
      put(code, 1, j, gather(code, 0, x, j), carry, out);
    }
  }

  static void compress(const CodeTables& code, const Block* x, Block* out) {
    for (std::size_t start = 0; start < code.outputs; start += 32) {
      const Block* next = x + width * (start + code.region_length);
      for (std::size_t i = 0; i < 32 * width; i += 4) {
        _mm_prefetch(reinterpret_cast<const char*>(next + i), _MM_HINT_T0);
        _mm_prefetch(reinterpret_cast<const char*>(next + width * code.outputs + i), _MM_HINT_T0);
      }
      for (std::size_t v = 0; v < width; v++) compress_tile(code, x + v, start, out + v * code.outputs);
    }
  }

 private:
  using Vec = __m512i;
  static constexpr std::size_t elements = 4 / width;

  /** Adds elements to the running sums, and puts these, labelled, in their slots. */
  CAUSEWAY_INLINE static void put(const CodeTables& code, int pass, std::size_t i, Vec x, Vec& carry, Block* out) {
    const Vec zero = _mm512_setzero_si512();
    if constexpr (width == 1) x = Ifma::exclusive_or(x, _mm512_alignr_epi64(x, zero, 6));
    x = Ifma::exclusive_or(x, _mm512_alignr_epi64(x, zero, 4));
    const Vec sums = Ifma::exclusive_or(x, carry);
    carry = Ifma::exclusive_or(carry, _mm512_shuffle_i64x2(x, x, width == 1 ? 0xff : 0xee));
    const Vec labels = load_labels(code.label[pass] + i);
    const Vec y = form == Form::fast ? Ifma::multiply_by_label(sums, labels) : Ifma::multiply64(sums, labels);
    scatter(out, code.slot[pass] + i, y);
  }

  CAUSEWAY_INLINE static Vec load_labels(const std::uint64_t* from) {
    if constexpr (width == 1) return Ifma::load_labels(from);
    const __m128i two = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
    return _mm512_permutexvar_epi64(_mm512_setr_epi64(0, 0, 0, 0, 1, 1, 1, 1), _mm512_castsi128_si512(two));
  }

  /** In all lanes of a vector, its sum so far. */
  CAUSEWAY_INLINE static Vec load_sums(const Block* sums) {
    if constexpr (width == 1) return Ifma::broadcast(sums[0]);
    return _mm512_broadcast_i64x4(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(sums)));
  }

  CAUSEWAY_INLINE static void store_sums(Block* sums, Vec carry) {
    store_block(sums, _mm512_castsi512_si128(carry));
    if constexpr (width == 2) store_block(sums + 1, _mm512_extracti32x4_epi32(carry, 1));
  }

  CAUSEWAY_INLINE static void scatter(Block* out, const std::uint32_t* slot, Vec y) {
    if constexpr (width == 1) {
      store_block(out + slot[0], _mm512_castsi512_si128(y));
      store_block(out + slot[1], _mm512_extracti32x4_epi32(y, 1));
      store_block(out + slot[2], _mm512_extracti32x4_epi32(y, 2));
      store_block(out + slot[3], _mm512_extracti32x4_epi32(y, 3));
    } else {
      _mm256_store_si256(reinterpret_cast<__m256i*>(out + 2 * slot[0]), _mm512_castsi512_si256(y));
      _mm256_store_si256(reinterpret_cast<__m256i*>(out + 2 * slot[1]), _mm512_extracti64x4_epi64(y, 1));
    }
  }

  CAUSEWAY_INLINE static Vec gather(const CodeTables& code, int pass, const Block* x, std::size_t j) {
    if constexpr (width == 1) return gather_one(code, pass, x, j);
    const Block* region = x + width * code.region(j);
    const std::uint16_t* place = code.place[pass] + j;
    const auto pair = [&](std::size_t i) {
      return _mm256_load_si256(reinterpret_cast<const __m256i*>(region + 2 * place[i]));
    };
    return _mm512_inserti64x4(_mm512_castsi256_si512(pair(0)), pair(1), 1);
  }

  /** Elements j to j + 3 of the vector that begins at x. */
  CAUSEWAY_INLINE static Vec gather_one(const CodeTables& code, int pass, const Block* x, std::size_t j) {
    const Block* region = x + width * code.region(j);
    const std::uint16_t* place = code.place[pass] + j;
    const auto element = [&](std::size_t i) {
      return _mm_load_si128(reinterpret_cast<const __m128i*>(region + width * place[i]));
    };
    const __m256i low = _mm256_inserti128_si256(_mm256_castsi128_si256(element(0)), element(1), 1);
    const __m256i high = _mm256_inserti128_si256(_mm256_castsi128_si256(element(2)), element(3), 1);
    return _mm512_inserti64x4(_mm512_castsi256_si512(low), high, 1);
  }

  CAUSEWAY_INLINE static void store_block(Block* to, __m128i x) { _mm_store_si128(reinterpret_cast<__m128i*>(to), x); }

  /**
   * 32 outputs of one vector: a 32 x 32 bit matrix of rows times 32 inputs of 128 bits, as 8 x 8 bits of rows times 8
   * inputs at one byte position. VGF2P8AFFINEQB gives bit i of byte b as the parity of (matrix byte 7 - i) AND (x byte
   * b).
   */
  CAUSEWAY_INLINE static void compress_tile(const CodeTables& code, const Block* x, std::size_t start, Block* out) {
    Vec sums[4][2];
    for (auto& of_rows : sums) of_rows[0] = of_rows[1] = _mm512_setzero_si512();
    for (std::size_t inputs = 0; inputs < 4; inputs++) {
      const std::size_t from = code.outputs + start + 8 * inputs;
      const Vec low = gather_one(code, 1, x, from), high = gather_one(code, 1, x, from + 4);
      for (int half = 0; half < 2; half++) {
        const Vec bytes = _mm512_permutex2var_epi8(low, _mm512_load_si512(&to_positions[half]), high);
        // Byte 7 - c of each matrix: bit t is bit c of input t.
        const Vec matrices = _mm512_gf2p8affine_epi64_epi8(_mm512_set1_epi64(0x0102040810204080), bytes, 0);
        for (std::size_t rows = 0; rows < 4; rows++) {
          std::uint64_t tile;
          std::memcpy(&tile, code.rows + 4 * start + 32 * rows + 8 * inputs, sizeof tile);
          const Vec product =
              _mm512_gf2p8affine_epi64_epi8(_mm512_set1_epi64(static_cast<long long>(tile)), matrices, 0);
          sums[rows][half] = Ifma::exclusive_or(sums[rows][half], product);
        }
      }
    }
    for (std::size_t rows = 0; rows < 4; rows++) {
      for (std::size_t part = 0; part < 2; part++) {
        const std::size_t j = start + 8 * rows + 4 * part;
        const Vec blocks = _mm512_permutex2var_epi8(sums[rows][0], _mm512_load_si512(&to_blocks[part]), sums[rows][1]);
        Ifma::store(out + j, Ifma::exclusive_or(blocks, gather_one(code, 1, x, j)));
      }
    }
  }
};

template <Form form, std::size_t width>
constexpr CodeKernel vector_code = {VectorCode<form, width>::first, VectorCode<form, width>::second,
                                    VectorCode<form, width>::compress};

}  // namespace
}  // namespace causeway::vole
