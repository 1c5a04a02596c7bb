#include "group/field-ifma.h"
#include "sum/kernel.h"

namespace causeway {
namespace {

/** Lane i from bit i. */
CAUSEWAY_INLINE Mask lanes_of(std::uint32_t bits) { return {static_cast<__mmask8>(bits)}; }

/** Eight words of each of eight rows, as columns. */
CAUSEWAY_INLINE void transpose(const std::uint64_t* const (&rows)[8], __m512i (&columns)[8]) {
  __m512i pair[8], half[8];
  CAUSEWAY_UNROLL for (int i = 0; i < 8; i += 2) {
    const __m512i a = _mm512_load_si512(rows[i]), b = _mm512_load_si512(rows[i + 1]);
    pair[i] = _mm512_unpacklo_epi64(a, b);
    pair[i + 1] = _mm512_unpackhi_epi64(a, b);
  }
  // Blocks 0 and 2, then 1 and 3, of rows 0 to 3 and 4 to 7: of even columns, then of odd ones.
  CAUSEWAY_UNROLL for (int odd = 0; odd < 2; odd++) {
    CAUSEWAY_UNROLL for (int i = 0; i < 2; i++) {
      half[4 * odd + 2 * i] = _mm512_shuffle_i64x2(pair[4 * i + odd], pair[4 * i + 2 + odd], 0x88);
      half[4 * odd + 2 * i + 1] = _mm512_shuffle_i64x2(pair[4 * i + odd], pair[4 * i + 2 + odd], 0xdd);
    }
  }
  CAUSEWAY_UNROLL for (int odd = 0; odd < 2; odd++) {
    columns[odd] = _mm512_shuffle_i64x2(half[4 * odd], half[4 * odd + 2], 0x88);
    columns[4 + odd] = _mm512_shuffle_i64x2(half[4 * odd], half[4 * odd + 2], 0xdd);
    columns[2 + odd] = _mm512_shuffle_i64x2(half[4 * odd + 1], half[4 * odd + 3], 0x88);
    columns[6 + odd] = _mm512_shuffle_i64x2(half[4 * odd + 1], half[4 * odd + 3], 0xdd);
  }
}

/** Coordinates of each lane's row. */
CAUSEWAY_INLINE void load_addends(const AddendRow* const (&rows)[8], Fe (&out)[3]) {
  const std::uint64_t* words[8];
  __m512i columns[2][8];
  CAUSEWAY_UNROLL for (int i = 0; i < 8; i++) words[i] = &rows[i]->limb[0][0];
  transpose(words, columns[0]);
  CAUSEWAY_UNROLL for (int i = 0; i < 8; i++) words[i] += 8;
  transpose(words, columns[1]);
  CAUSEWAY_UNROLL for (int i = 0; i < 15; i++) out[i / 5].at[i % 5] = columns[i / 8][i % 8];
}

}  // namespace
}  // namespace causeway

#include "sum/function-tables.h"
#include "sum/functions.h"

namespace causeway {

extern const SumFunctions ifma_sum_functions = {
    &encrypt_rows<Fe>, &decode_rows<Fe>, &weigh_pairs<Fe>, &blind_rows<Fe>, &walk_points<Fe>, Fe::lanes,
};

}  // namespace causeway
