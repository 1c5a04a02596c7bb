/** Both sides of a bucket, over a VOLE from a trusted dealer, agree with a plain join; what a peer sends is never
 * trusted. */
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "blocks.h"
#include "check.h"
#include "psi/bucket.h"
#include "psi/partition.h"

namespace {

using namespace causeway;
using namespace causeway::psi;

using Bytes = std::vector<std::uint8_t>;

const std::uint8_t* bytes_of(const Blocks& blocks) { return reinterpret_cast<const std::uint8_t*>(blocks.data()); }
std::size_t bit_bytes(std::size_t count) { return (count + 7) / 8; }
bool bit(const Bytes& bits, std::size_t at) { return bits[at / 8] >> at % 8 & 1; }
std::pair<std::uint64_t, std::uint64_t> ordered(Block block) { return {block.hi, block.lo}; }

/** The bins of keys by the definition. */
std::vector<std::size_t> bins_of(const Cut& cut, const Blocks& keys) {
  Blocks hashes(keys.size());
  block_kernel_portable.mmo(hashes.data(), keys.data(), keys.size(), cut.key);
  std::vector<std::size_t> bins;
  for (const Block& hash : hashes)
    bins.push_back(static_cast<std::size_t>(static_cast<Wide>(hash.lo) * cut.bin_count >> 64));
  return bins;
}

std::size_t bin_of(const Cut& cut, Block key) { return bins_of(cut, {key})[0]; }

void lists_are_cut_by_their_bins() {
  TestRandom random(1);
  for (std::size_t bins : {1, 5, 6, 7, 12, 13, 656}) {
    const Cut cut{random.block(), bins};
    const std::size_t count = random.below(3000);
    Blocks rows = random.blocks(count);
    for (std::size_t i = 0; i + 1 < count; i += 9) rows[i] = rows[i + 1];
    Bytes keys(count * 16);
    std::vector<std::uint32_t> places(count), starts(cut.bucket_count() + 1), loads(bins), expected(bins);
    partition(block_kernel(CpuClass::portable), cut, bytes_of(rows), count,
              {keys.data(), places.data(), starts.data(), loads.data()});
    CHECK(starts[0] == 0 && starts.back() == count);
    std::vector<bool> is_placed(count);
    for (std::size_t bucket = 0; bucket < cut.bucket_count(); bucket++) {
      for (std::size_t at = starts[bucket]; at < starts[bucket + 1]; at++) {
        CHECK(!is_placed[places[at]] && (at == starts[bucket] || places[at - 1] < places[at]));
        is_placed[places[at]] = true;
        CHECK(load_block(keys.data() + 16 * at) == rows[places[at]]);
        CHECK(bin_of(cut, rows[places[at]]) / bucket_bins_max == bucket);
      }
    }
    for (const Block& row : rows) expected[bin_of(cut, row)]++;
    CHECK(loads == expected);
  }
}

/** 10^4 keys of parts: with 15,256 keys a bin on average, none of so many bins comes near 16,384. */
void loads_stay_under_their_bound() {
  TestRandom random(2);
  const std::size_t bins = 64, count = bins * 15256;
  const Blocks rows = random.blocks(count);
  Bytes keys(count * 16);
  std::vector<std::uint32_t> places(count), starts(12), loads(bins);
  std::uint32_t largest = 0;
  for (int seed = 0; seed < 10; seed++) {
    const Cut cut{random.block(), bins};
    partition(block_kernel(is_available(CpuClass::ifma) ? CpuClass::ifma : CpuClass::portable), cut, bytes_of(rows),
              count, {keys.data(), places.data(), starts.data(), loads.data()});
    largest = std::max(largest, *std::max_element(loads.begin(), loads.end()));
  }
  // Of 640 bins the fullest is about 3.2 standard deviations, of 123 each, over the mean; the bound is 9 of them.
  CHECK(largest > 15256 + 2 * 123 && largest < 15256 + 6 * 123);
}

void repeated_rows_are_one_key() {
  TestRandom random(3);
  const Cut cut{random.block(), 4};
  for (std::size_t distinct : {0, 1, 2, 500}) {
    const Blocks some = random.blocks(distinct);
    Blocks rows;
    for (std::size_t i = 0; distinct > 0 && i < 2 * distinct; i++) rows.push_back(some[random.below(distinct)]);
    std::map<std::pair<std::uint64_t, std::uint64_t>, int> carried;
    for (const Block& row : rows) carried[ordered(row)]++;
    const BucketKeys keys(block_kernel(CpuClass::portable), cut, 0, 4, bytes_of(rows), rows.size());
    CHECK(!keys.has_foreign_key() && keys.count() == carried.size());
    for (std::size_t bin = 0; bin < 4; bin++) {
      for (std::size_t i = 0; i < keys.count(bin); i++) {
        CHECK(bin_of(cut, keys.keys(bin)[i]) == bin);
        Bytes is_matched(keys.count()), row_bits(bit_bytes(rows.size()));
        is_matched[keys.start(bin) + i] = 1;
        keys.rows_of(is_matched.data(), row_bits.data());
        for (std::size_t row = 0; row < rows.size(); row++) {
          CHECK(bit(row_bits, row) == (rows[row] == keys.keys(bin)[i]));
        }
      }
    }
  }
}

void keys_of_another_bucket_are_noticed() {
  TestRandom random(4);
  const Cut cut{random.block(), 12};
  const Blocks rows = random.blocks(64);
  const BucketKeys first(block_kernel(CpuClass::portable), cut, 0, 6, bytes_of(rows), rows.size());
  const BucketKeys second(block_kernel(CpuClass::portable), cut, 6, 6, bytes_of(rows), rows.size());
  CHECK(first.has_foreign_key() && second.has_foreign_key());
  CHECK(first.count() + second.count() == rows.size());
}

std::vector<Tagged> some_tags(TestRandom& random, std::size_t count, unsigned bits) {
  std::vector<Tagged> tags;
  for (std::size_t i = 0; i < count; i++) tags.push_back(tagged(random.block(), bits, static_cast<std::uint32_t>(i)));
  return tags;
}

/** Any numbers of tags, of any length, some shared, some repeated. */
void tags_join_as_sets_do() {
  TestRandom random(5);
  for (int round = 0; round < 2000; round++) {
    const unsigned bits = static_cast<unsigned>(42 + random.below(55));
    const TagShape shape{1 + random.below(round % 10 == 0 ? 5000 : 40), bits};
    std::vector<Tagged> theirs = some_tags(random, shape.count, bits);
    std::vector<Tagged> mine = some_tags(random, random.below(60), bits);
    for (Tagged& tag : mine) {
      if (random.below(3) == 0) tag = (theirs[random.below(theirs.size())] >> 32) << 32 | owner_of(tag);
    }
    if (random.below(2)) theirs[random.below(theirs.size())] = theirs[0];
    std::vector<Tagged> sorted = theirs;
    sort_tags(sorted, bits);
    std::sort(theirs.begin(), theirs.end());
    CHECK(sorted == theirs);
    std::vector<Tagged> own = mine;
    sort_tags(own, bits);

    Bytes message(shape.bytes()), is_matched(mine.size()), match(bit_bytes(shape.count));
    encode_tags(message.data(), sorted, shape);
    CHECK(join_tags(message.data(), shape, own, is_matched.data(), match.data()));
    const auto has = [](const std::vector<Tagged>& tags, Tagged tag) {
      return std::any_of(tags.begin(), tags.end(), [&](Tagged each) { return each >> 32 == tag >> 32; });
    };
    for (std::size_t i = 0; i < mine.size(); i++) CHECK(is_matched[i] == has(sorted, mine[i]));
    if (shape.count < 100) {
      for (std::size_t i = 0; i < shape.count; i++) CHECK(bit(match, i) == has(mine, sorted[i]));
    }
  }
}

/** M = 3 tags of 42 bits: 1, 2 and 2^41, as the format has them. */
void tags_have_one_encoding() {
  const TagShape shape{3, 42};
  const std::vector<Tagged> tags = {static_cast<Tagged>(1) << 32, static_cast<Tagged>(2) << 32,
                                    static_cast<Tagged>(1) << 41 << 32};
  CHECK(shape.high_bits() == 1 && shape.low_bytes() == 16 && shape.high_bytes() == 1);
  Bytes message(shape.bytes());
  encode_tags(message.data(), tags, shape);
  Bytes expected(17);
  expected[0] = 1;
  expected[5] = 4;         // 2 at bit 41
  expected[16] = 0b01011;  // prefixes 0, 0, 1 at bits 0, 1, 1 + 2
  CHECK(message == expected);

  Bytes is_matched(1), match(1);
  const auto is_accepted = [&](const Bytes& bytes) {
    return join_tags(bytes.data(), shape, {}, is_matched.data(), match.data());
  };
  CHECK(is_accepted(message));
  const auto with = [&](std::size_t at, std::uint8_t value) {
    Bytes changed = message;
    changed[at] = value;
    return changed;
  };
  CHECK(!is_accepted(with(16, 0b00011)));   // one tag too few
  CHECK(!is_accepted(with(16, 0b01111)));   // one too many
  CHECK(!is_accepted(with(16, 0b10011)));   // a tag of 2^42
  CHECK(!is_accepted(with(16, 0b101011)));  // beyond the end
  CHECK(!is_accepted(with(15, 0x80)));      // beyond the end of the low bits
  CHECK(!is_accepted(with(5, 0)));          // 1 before 0
  CHECK(is_accepted(with(0, 0)));           // 0, 2, 2^41
  // The first two tags are equal.
  Bytes equal = with(0, 2);
  CHECK(is_accepted(equal));
}

/** A bucket at both sides, with the dealer between them. */
struct Game {
  Bucket bucket;
  Blocks a, b, c;
  Block delta;

  Game(CpuClass cpu_class, Form form, TestRandom& random, std::size_t bins, std::size_t tag_count)
      : bucket{block_kernel(cpu_class),
               okvs::okvs_kernel(cpu_class, form),
               {random.block(), random.block(), random.block()},
               {random.block(), bins + 6},
               6,
               bins,
               random.block(),
               {tag_count, 80}},
        a(random.blocks(bucket.column_count())),
        b(random.blocks(bucket.column_count())),
        c(bucket.column_count()),
        delta(random.block()) {
    if (form == Form::low) {
      for (Block& value : a) value.hi = 0;
    }
    bucket.okvs.scale(c.data(), a.data(), c.size(), delta);
    for (std::size_t i = 0; i < c.size(); i++) c[i] ^= b[i];
  }

  /** Keys of the bucket, which begins at the cut's bin 6. */
  Blocks keys(TestRandom& random, std::size_t count) const {
    Blocks keys;
    while (keys.size() < count) {
      const Blocks drawn = random.blocks(count);
      const std::vector<std::size_t> bins = bins_of(bucket.cut, drawn);
      for (std::size_t i = 0; i < count; i++) {
        if (bins[i] >= 6 && keys.size() < count) keys.push_back(drawn[i]);
      }
    }
    return keys;
  }
};

/** @returns what R and S find of their rows, and W. */
struct Found {
  Bytes receiver, sender, okvs, tags;
};

Found play(Game game, const Blocks& x, const Blocks& y, Block seed) {
  ReceiverBucket receiver(game.bucket, bytes_of(x), x.size());
  SenderBucket sender(game.bucket, bytes_of(y), y.size());
  CHECK(receiver.fits() && sender.fits());
  Found found{Bytes(bit_bytes(x.size())), Bytes(bit_bytes(y.size())), Bytes(game.bucket.okvs_bytes()),
              Bytes(game.bucket.tags.bytes())};
  CHECK(receiver.respond(game.a.data(), game.c.data(), seed, found.okvs.data()));
  sender.tag(game.b.data(), game.delta, found.okvs.data(), seed, found.tags.data());
  Bytes match(bit_bytes(game.bucket.tags.count));
  CHECK(receiver.join(found.tags.data(), found.receiver.data(), match.data()));
  sender.matched(match.data(), found.sender.data());
  return found;
}

void check_found(const Found& found, const Blocks& x, const Blocks& y) {
  std::set<std::pair<std::uint64_t, std::uint64_t>> in_x, in_y;
  for (const Block& key : x) in_x.insert(ordered(key));
  for (const Block& key : y) in_y.insert(ordered(key));
  for (std::size_t i = 0; i < x.size(); i++) CHECK(bit(found.receiver, i) == (in_y.count(ordered(x[i])) > 0));
  for (std::size_t i = 0; i < y.size(); i++) CHECK(bit(found.sender, i) == (in_x.count(ordered(y[i])) > 0));
}

/** Lists of any shape: empty, equal, disjoint, with repeated rows, one much longer than the other. */
void buckets_match_as_a_plain_join(CpuClass cpu_class, Form form, int rounds) {
  TestRandom random(6 + static_cast<std::uint64_t>(form));
  for (int round = 0; round < rounds; round++) {
    const std::size_t x_count = random.below(round % 8 == 0 ? 3000 : 30),
                      y_count = random.below(round % 5 == 0 ? 2000 : 30);
    const std::size_t bins = round % 16 == 0 ? 1 + random.below(6) : 1;
    const Game game(cpu_class, form, random, bins, y_count + 1 + random.below(3));
    Blocks x = game.keys(random, x_count), y = game.keys(random, y_count);
    const std::uint64_t share = random.below(4);
    for (Block& key : y) {
      if (!x.empty() && random.below(3) < share) key = x[random.below(x.size())];
    }
    for (Block& key : x) {
      if (random.below(8) == 0) key = x[random.below(x.size())];
    }
    check_found(play(game, x, y, random.block()), x, y);
  }
}

/** All classes send the same bytes, bit for bit, and full bins work. */
void classes_agree(Form form, std::size_t bins, std::size_t count) {
  Found first;
  for (CpuClass each : cpu_classes) {
    if (!is_available(each)) continue;
    TestRandom random(8);
    const Game game(each, form, random, bins, count + 100);
    const Blocks x = game.keys(random, count), y = game.keys(random, count);
    Blocks mixed = y;
    for (std::size_t i = 0; i < count; i += 2) mixed[i] = x[i];
    const Found found = play(game, x, mixed, random.block());
    check_found(found, x, mixed);
    if (first.okvs.empty()) first = found;
    CHECK(found.okvs == first.okvs && found.tags == first.tags);
  }
}

void bounds_are_kept() {
  TestRandom random(9);
  const Game game(CpuClass::portable, Form::fast, random, 1, 10);
  const Blocks full = game.keys(random, okvs::key_count_max + 1);
  CHECK(ReceiverBucket(game.bucket, bytes_of(full), full.size() - 1).fits());
  CHECK(!ReceiverBucket(game.bucket, bytes_of(full), full.size()).fits());
  CHECK(SenderBucket(game.bucket, bytes_of(full), 10).fits());
  CHECK(!SenderBucket(game.bucket, bytes_of(full), 11).fits());
  const Blocks foreign = random.blocks(40);
  CHECK(!ReceiverBucket(game.bucket, bytes_of(foreign), foreign.size()).fits());
  CHECK(!SenderBucket(game.bucket, bytes_of(foreign), foreign.size()).fits());
  // Repeated rows count once.
  Blocks repeated = full;
  repeated.back() = repeated.front();
  CHECK(ReceiverBucket(game.bucket, bytes_of(repeated), repeated.size()).fits());
}

/** What R says of dummies is not heard; W is uniform whatever R has; tags of keys that R lacks are uniform. */
void messages_say_nothing_more() {
  TestRandom random(10);
  const Game game(CpuClass::portable, Form::fast, random, 1, 4000);
  const Blocks y = game.keys(random, 2000);
  SenderBucket sender(game.bucket, bytes_of(y), y.size());
  Bytes okvs(game.bucket.okvs_bytes()), tags(game.bucket.tags.bytes()), row_bits(bit_bytes(y.size()));
  ReceiverBucket(game.bucket, nullptr, 0).respond(game.a.data(), game.c.data(), random.block(), okvs.data());
  Blocks b = game.b;
  sender.tag(b.data(), game.delta, okvs.data(), random.block(), tags.data());
  const Bytes all_ones(bit_bytes(4000), 0xff);
  sender.matched(all_ones.data(), row_bits.data());
  for (std::size_t i = 0; i < y.size(); i++) CHECK(bit(row_bits, i));

  for (const auto& [bytes, end] : {std::pair{okvs, okvs.size()}, {tags, game.bucket.tags.low_bytes()}}) {
    std::size_t ones = 0;
    for (std::size_t i = 0; i < end; i++) ones += __builtin_popcount(bytes[i]);
    const double bytes_drawn = static_cast<double>(end);
    const double deviation = (static_cast<double>(ones) - 4 * bytes_drawn) / std::sqrt(2 * bytes_drawn);
    CHECK(deviation > -6 && deviation < 6);
  }
}

}  // namespace

int main() {
  lists_are_cut_by_their_bins();
  loads_stay_under_their_bound();
  repeated_rows_are_one_key();
  keys_of_another_bucket_are_noticed();
  tags_join_as_sets_do();
  tags_have_one_encoding();
  for (Form form : {Form::fast, Form::low}) {
    for (CpuClass each : cpu_classes) {
      if (is_available(each)) buckets_match_as_a_plain_join(each, form, each == CpuClass::portable ? 40 : 300);
    }
    classes_agree(form, 3, 2000);
    classes_agree(form, 1, 15000);
  }
  bounds_are_kept();
  messages_say_nothing_more();
  return 0;
}
