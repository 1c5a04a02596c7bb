#include "psi/tags.h"

#include <algorithm>
#include <cstring>

namespace causeway::psi {

namespace {

/** A tag's low bits start within a byte and have 96 at most: 16 bytes from there hold them. */
constexpr std::size_t slack = 16;

unsigned floor_log2(std::size_t x) {
  unsigned log = 0;
  while (x >>= 1) log++;
  return log;
}

Wide load_wide(const std::uint8_t* from) {
  Wide wide;
  std::memcpy(&wide, from, sizeof wide);
  return wide;
}

std::uint64_t load_word(const std::uint8_t* from) {
  std::uint64_t word;
  std::memcpy(&word, from, sizeof word);
  return word;
}

void set_bit(std::uint8_t* bits, std::size_t at) {
  bits[at / 8] = static_cast<std::uint8_t>(bits[at / 8] | 1u << at % 8);
}

bool is_zero_from(const std::uint8_t* bits, std::size_t from, std::size_t end) {
  for (std::size_t at = from; at < end; at++) {
    if (bits[at / 8] >> at % 8 & 1) return false;
  }
  return true;
}

}  // namespace

unsigned TagShape::high_bits() const { return floor_log2(count); }

void sort_tags(std::vector<Tagged>& tags, unsigned bits) {
  if (tags.size() < 2) return;
  // One pass by as many leading bits as give a tag or two to each slot, and then by insertion.
  const unsigned shift = 32 + bits - floor_log2(tags.size());
  std::vector<std::uint32_t> ends((std::size_t{1} << floor_log2(tags.size())) + 1);
  const auto slot_of = [shift](Tagged tag) { return static_cast<std::size_t>(tag >> shift); };
  for (Tagged tag : tags) ends[slot_of(tag) + 1]++;
  for (std::size_t i = 1; i < ends.size(); i++) ends[i] += ends[i - 1];
  std::vector<Tagged> placed(tags.size());
  for (Tagged tag : tags) {
    const std::size_t slot = slot_of(tag);
    std::uint32_t at = ends[slot]++;
    placed[at] = tag;
  }
  for (std::size_t i = 1; i < placed.size(); i++) {
    const Tagged tag = placed[i];
    std::size_t at = i;
    for (; at > 0 && placed[at - 1] > tag; at--) placed[at] = placed[at - 1];
    placed[at] = tag;
  }
  tags.swap(placed);
}

void encode_tags(std::uint8_t* out, const std::vector<Tagged>& sorted, const TagShape& shape) {
  const unsigned low_bits = shape.low_bits();
  const Wide low_mask = (static_cast<Wide>(1) << low_bits) - 1;
  std::vector<std::uint8_t> low(shape.low_bytes() + slack);
  std::uint8_t* const high = out + shape.low_bytes();
  std::memset(high, 0, shape.high_bytes());
  for (std::size_t i = 0; i < sorted.size(); i++) {
    const Wide tag = sorted[i] >> 32;
    const std::size_t at = i * low_bits;
    const Wide filled = load_wide(low.data() + at / 8) | (tag & low_mask) << at % 8;
    std::memcpy(low.data() + at / 8, &filled, sizeof filled);
    set_bit(high, static_cast<std::size_t>(tag >> low_bits) + i);
  }
  std::memcpy(out, low.data(), shape.low_bytes());
}

bool join_tags(const std::uint8_t* message, const TagShape& shape, const std::vector<Tagged>& sorted,
               std::uint8_t* is_owner_matched, std::uint8_t* match_bits) {
  // A copy: with room to read beyond its end, and safe from a peer's or a caller's change of mind.
  const std::size_t high_words = (shape.high_bytes() + 7) / 8;
  std::vector<std::uint8_t> low(shape.low_bytes() + slack), high(high_words * 8);
  std::memcpy(low.data(), message, shape.low_bytes());
  std::memcpy(high.data(), message + shape.low_bytes(), shape.high_bytes());
  std::memset(match_bits, 0, (shape.count + 7) / 8);

  const std::size_t high_length = shape.count + (std::size_t{1} << shape.high_bits());
  if (!is_zero_from(low.data(), shape.count * shape.low_bits(), shape.low_bytes() * 8)) return false;
  // The last bit would stand for a tag of 2^bits or more.
  if (!is_zero_from(high.data(), high_length - 1, shape.high_bytes() * 8)) return false;
  std::size_t ones = 0;
  for (std::size_t w = 0; w < high_words; w++) ones += __builtin_popcountll(load_word(high.data() + 8 * w));
  if (ones != shape.count) return false;

  const unsigned low_bits = shape.low_bits();
  const Wide low_mask = (static_cast<Wide>(1) << low_bits) - 1;
  std::size_t rank = 0, own = 0;
  Wide before = 0;
  for (std::size_t w = 0; w < high_words; w++) {
    for (std::uint64_t word = load_word(high.data() + 8 * w); word != 0; word &= word - 1, rank++) {
      const std::size_t prefix = 64 * w + static_cast<std::size_t>(__builtin_ctzll(word)) - rank;
      const std::size_t at = rank * low_bits;
      const Wide tag = static_cast<Wide>(prefix) << low_bits | (load_wide(low.data() + at / 8) >> at % 8 & low_mask);
      if (tag < before) return false;
      before = tag;
      while (own < sorted.size() && sorted[own] >> 32 < tag) own++;
      for (std::size_t i = own; i < sorted.size() && sorted[i] >> 32 == tag; i++) {
        is_owner_matched[owner_of(sorted[i])] = 1;
        set_bit(match_bits, rank);
      }
    }
  }
  return true;
}

}  // namespace causeway::psi
