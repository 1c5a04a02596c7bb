/**
 * One bucket of psi/vole at each side, after its VOLE: RR22 (see okvs/okvs.h), figure 11, cut into bins. With
 * C = A Delta + B on all columns, R holding A and C, S holding B and Delta:
 *
 *   R sends W = P + A, where P stores H(x) under each of its keys x; S takes K = B + W Delta, which is C + P Delta;
 *   so Dec(K, y) + Delta H(y) = Dec(C, y) + Delta (Dec(P, y) + H(y)), which for y among R's keys is Dec(C, y).
 *
 * A tag is a hash of that value and the key, cut to the run's length.
 */
#pragma once
#include "block/secret-buffer.h"
#include "okvs/okvs.h"
#include "psi/bucket-keys.h"
#include "psi/tags.h"

namespace causeway::psi {

struct Bucket {
  const BlockKernel& blocks;
  const okvs::OkvsKernel& okvs;
  okvs::HashKeys hash;
  Cut cut;
  /** The bucket's bins in the cut; bin i has the columns from i * okvs::column_count on. */
  std::size_t first_bin;
  std::size_t bin_count;
  /** K("tag", number of the bucket). */
  Block tag_key;
  TagShape tags;

  std::size_t column_count() const { return bin_count * okvs::column_count; }
  /** Of a value on the wire. */
  std::size_t value_bytes() const { return okvs.form == Form::fast ? 16 : 8; }
  std::size_t okvs_bytes() const { return column_count() * value_bytes(); }
};

class ReceiverBucket {
 public:
  /** @param rows as BucketKeys has them. */
  ReceiverBucket(const Bucket& bucket, const std::uint8_t* rows, std::size_t row_count);

  /** Whether all keys belong to the bucket, and each bin has okvs::key_count_max at most: to be asked before the rest.
   */
  bool fits() const;
  std::size_t row_count() const { return keys_.row_count(); }

  /**
   * @param a, c the first column_count() outputs of the VOLE; in the form `low` a is in the low halves.
   * @param seed 16 fresh random bytes of the operating system.
   * @param okvs receives okvs_bytes(): W.
   * @returns false where the keys of a bin cannot be encoded. W looks as ever, and none of that bin will match.
   */
  bool respond(const Block* a, const Block* c, Block seed, std::uint8_t* okvs);

  /**
   * @param tags tags.bytes() from S; any bytes.
   * @param row_bits receives a bit for each row: whether S has its key.
   * @param match_bits receives a bit for each of S's tags.
   * @returns false for bytes that are no tags.
   */
  bool join(const std::uint8_t* tags, std::uint8_t* row_bits, std::uint8_t* match_bits) const;

 private:
  Bucket bucket_;
  BucketKeys keys_;
  std::vector<Tagged> tags_;
};

class SenderBucket {
 public:
  /** @param rows as BucketKeys has them. */
  SenderBucket(const Bucket& bucket, const std::uint8_t* rows, std::size_t row_count);

  /** Whether all keys belong to the bucket, and are tags.count at most: to be asked before the rest. */
  bool fits() const;
  std::size_t row_count() const { return keys_.row_count(); }

  /**
   * @param b the first column_count() outputs of the VOLE; overwritten.
   * @param okvs okvs_bytes() from R: W; any bytes.
   * @param seed 16 fresh random bytes of the operating system.
   * @param tags receives tags.bytes().
   */
  void tag(Block* b, Block delta, const std::uint8_t* okvs, Block seed, std::uint8_t* tags);

  /**
   * @param match_bits from R: a bit for each tag.
   * @param row_bits receives a bit for each row: whether R says that it has the key. What R says of dummies is not
   * heard: an answer to it would tell which ones they are.
   */
  void matched(const std::uint8_t* match_bits, std::uint8_t* row_bits) const;

 private:
  Bucket bucket_;
  BucketKeys keys_;
  /** For each tag its key, or no_owner. */
  std::vector<std::uint32_t> owners_;
};

}  // namespace causeway::psi
