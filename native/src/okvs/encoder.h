/** Makes the store of a bin. */
#pragma once
#include "block/generator.h"
#include "block/secret-buffer.h"
#include "okvs/peeling.h"

namespace causeway::okvs {

/** The hashes of a bin's keys. */
struct BinRows {
  const Row* rows;
  /** Overwritten. Both have room for a multiple of 4. */
  Block* values;
  const Block* dense;
  std::size_t count;
};

/**
 * Solves Dec(store, u) = H(u) for the keys of a bin.
 * @param store column_count random values, of which those that the rows determine are replaced.
 * @returns false where the rows have more gaps than the dense columns take; the store is then partly overwritten.
 */
bool solve(const OkvsKernel& kernel, Peeling& peeling, const BinRows& bin, Block* store);

/** Workspace of one bin, 0.9 MB; to be used for one after the other. */
class Encoder {
 public:
  Encoder(const OkvsKernel& kernel, const HashKeys& hash);

  /**
   * Encodes H(u) under each key u.
   * @param store receives column_count values. It is uniformly random where the keys leave it open, so that which
   * columns are free says nothing.
   * @param keys distinct; key_count_max at most.
   * @param random for the free columns.
   * @returns false, with a store of random values alone, where the keys cannot be encoded: of average bins one in 2^58.
   */
  bool encode(Block* store, const Block* keys, std::size_t count, Generator& random);

 private:
  void fill(Block* store, Generator& random);

  const OkvsKernel& kernel_;
  const HashKeys hash_;
  Peeling peeling_;
  SecretBuffer<Row> rows_;
  SecretBuffer<Block> values_;
  SecretBuffer<Block> dense_;
};

}  // namespace causeway::okvs
