#include "okvs/encoder.h"

#include "okvs/gap-equations.h"

namespace causeway::okvs {

bool solve(const OkvsKernel& kernel, Peeling& peeling, const BinRows& bin, Block* store) {
  if (!peeling.peel(bin.rows, bin.count)) return false;
  Block* const p = store + sparse_count;
  if (!solve_gaps({kernel, bin.rows, bin.values, bin.dense, store}, peeling, p)) return false;
  kernel.add_dense(bin.values, bin.dense, bin.count, p);
  const std::vector<Pivot>& pivots = peeling.pivots();
  for (std::size_t i = pivots.size(); i-- > 0;) {
    const auto [row, column] = pivots[i];
    const std::uint16_t* const c = bin.rows[row].column;
    // The pivot column's own random value is one of the three, and cancels.
    store[column] ^= bin.values[row] ^ store[c[0]] ^ store[c[1]] ^ store[c[2]];
  }
  return true;
}

Encoder::Encoder(const OkvsKernel& kernel, const HashKeys& hash)
    : kernel_(kernel), hash_(hash), rows_(key_count_max), values_(key_count_max), dense_(key_count_max) {}

bool Encoder::encode(Block* store, const Block* keys, std::size_t count, Generator& random) {
  kernel_.rows(rows_.data(), keys, count, hash_.row);
  kernel_.elements(values_.data(), keys, count, hash_.value);
  kernel_.elements(dense_.data(), keys, count, hash_.dense);
  fill(store, random);
  if (solve(kernel_, peeling_, {rows_.data(), values_.data(), dense_.data(), count}, store)) return true;
  fill(store, random);
  return false;
}

void Encoder::fill(Block* store, Generator& random) {
  random.fill(store, column_count);
  if (kernel_.form == Form::fast) return;
  for (std::size_t c = 0; c < column_count; c++) store[c].hi = 0;
}

}  // namespace causeway::okvs
