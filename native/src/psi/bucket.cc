#include "psi/bucket.h"

#include "block/generator.h"
#include "okvs/encoder.h"

namespace causeway::psi {

namespace {

/** Turns the decoded values of a bin into tags. @param values overwritten. */
void append_tags(std::vector<Tagged>& tags, const Bucket& bucket, const BucketKeys& keys, std::size_t bin,
                 Block* values) {
  const std::size_t count = keys.count(bin);
  bucket.blocks.tmmo(values, values, keys.keys(bin), count, bucket.tag_key);
  for (std::size_t i = 0; i < count; i++) {
    tags.push_back(tagged(values[i], bucket.tags.bits, static_cast<std::uint32_t>(keys.start(bin) + i)));
  }
}

std::size_t largest_bin(const BucketKeys& keys) {
  std::size_t largest = 0;
  for (std::size_t bin = 0; bin < keys.bin_count(); bin++) largest = std::max(largest, keys.count(bin));
  return largest;
}

}  // namespace

ReceiverBucket::ReceiverBucket(const Bucket& bucket, const std::uint8_t* rows, std::size_t row_count)
    : bucket_(bucket), keys_(bucket.blocks, bucket.cut, bucket.first_bin, bucket.bin_count, rows, row_count) {}

bool ReceiverBucket::fits() const { return !keys_.has_foreign_key() && largest_bin(keys_) <= okvs::key_count_max; }

bool ReceiverBucket::respond(const Block* a, const Block* c, Block seed, std::uint8_t* okvs) {
  Generator random(bucket_.blocks, seed);
  okvs::Encoder encoder(bucket_.okvs, bucket_.hash);
  SecretBuffer<Block> store(okvs::column_count);
  SecretBuffer<Block> values(largest_bin(keys_));
  const std::size_t value_bytes = bucket_.value_bytes();
  bool is_encoded = true;
  tags_.reserve(keys_.count());
  for (std::size_t bin = 0; bin < bucket_.bin_count; bin++) {
    is_encoded &= encoder.encode(store.data(), keys_.keys(bin), keys_.count(bin), random);
    for (std::size_t i = 0; i < okvs::column_count; i++, a++, okvs += value_bytes) {
      const Block w = store[i] ^ *a;
      std::memcpy(okvs, &w, value_bytes);
    }
    bucket_.okvs.decode(values.data(), keys_.keys(bin), keys_.count(bin), c + bin * okvs::column_count, bucket_.hash);
    append_tags(tags_, bucket_, keys_, bin, values.data());
  }
  sort_tags(tags_, bucket_.tags.bits);
  return is_encoded;
}

bool ReceiverBucket::join(const std::uint8_t* tags, std::uint8_t* row_bits, std::uint8_t* match_bits) const {
  std::vector<std::uint8_t> is_matched(keys_.count());
  if (!join_tags(tags, bucket_.tags, tags_, is_matched.data(), match_bits)) return false;
  keys_.rows_of(is_matched.data(), row_bits);
  return true;
}

SenderBucket::SenderBucket(const Bucket& bucket, const std::uint8_t* rows, std::size_t row_count)
    : bucket_(bucket), keys_(bucket.blocks, bucket.cut, bucket.first_bin, bucket.bin_count, rows, row_count) {}

bool SenderBucket::fits() const { return !keys_.has_foreign_key() && keys_.count() <= bucket_.tags.count; }

void SenderBucket::tag(Block* b, Block delta, const std::uint8_t* okvs, Block seed, std::uint8_t* tags) {
  SecretBuffer<Block> scaled(okvs::column_count);
  SecretBuffer<Block> values(largest_bin(keys_));
  const std::size_t value_bytes = bucket_.value_bytes();
  std::vector<Tagged> all;
  all.reserve(bucket_.tags.count);
  for (std::size_t bin = 0; bin < bucket_.bin_count; bin++, b += okvs::column_count) {
    for (std::size_t i = 0; i < okvs::column_count; i++, okvs += value_bytes) {
      std::memcpy(&scaled[i], okvs, value_bytes);
    }
    bucket_.okvs.scale(scaled.data(), scaled.data(), okvs::column_count, delta);
    for (std::size_t i = 0; i < okvs::column_count; i++) b[i] ^= scaled[i];
    bucket_.okvs.decode_and_add(values.data(), keys_.keys(bin), keys_.count(bin), b, bucket_.hash, delta);
    append_tags(all, bucket_, keys_, bin, values.data());
  }
  Generator random(bucket_.blocks, seed);
  std::vector<Block> dummies(bucket_.tags.count - all.size());
  random.fill(dummies.data(), dummies.size());
  for (Block dummy : dummies) all.push_back(tagged(dummy, bucket_.tags.bits, no_owner));
  sort_tags(all, bucket_.tags.bits);
  encode_tags(tags, all, bucket_.tags);
  owners_.reserve(all.size());
  for (Tagged tag : all) owners_.push_back(owner_of(tag));
}

void SenderBucket::matched(const std::uint8_t* match_bits, std::uint8_t* row_bits) const {
  std::vector<std::uint8_t> is_matched(keys_.count());
  for (std::size_t rank = 0; rank < owners_.size(); rank++) {
    const bool says_so = match_bits[rank / 8] >> rank % 8 & 1;
    if (says_so && owners_[rank] != no_owner) is_matched[owners_[rank]] = 1;
  }
  keys_.rows_of(is_matched.data(), row_bits);
}

}  // namespace causeway::psi
