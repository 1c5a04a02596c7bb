#include "group/scalar.h"

#include <cstring>

#include "secret/wipe.h"

namespace causeway {

namespace {

struct Words {
  std::uint64_t word[4];
};

constexpr Words order = {{0x5812631a5cf5d3ed, 0x14def9dea2f79cd6, 0, 0x1000000000000000}};

Words read(const std::uint8_t* bytes) {
  Words out{};
  for (int i = 0; i < 32; i++) out.word[i / 8] |= std::uint64_t{bytes[i]} << (8 * (i % 8));
  return out;
}

/** a + (b & mask), below 2^256. */
Words add_masked(const Words& a, const Words& b, std::uint64_t mask) {
  Words out;
  std::uint64_t carry = 0;
  for (int i = 0; i < 4; i++) {
    const std::uint64_t term = b.word[i] & mask;
    const std::uint64_t sum = a.word[i] + term;
    out.word[i] = sum + carry;
    carry = static_cast<std::uint64_t>(sum < term) | static_cast<std::uint64_t>(out.word[i] < carry);
  }
  return out;
}

Words shifted_right(const Words& a, int bits) {
  Words out;
  for (int i = 0; i < 4; i++) {
    const std::uint64_t above = i < 3 ? a.word[i + 1] << (64 - bits) : 0;
    out.word[i] = a.word[i] >> bits | above;
  }
  return out;
}

/** All ones when a == b. */
std::uint64_t equal_mask(std::uint64_t a, std::uint64_t b) {
  const std::uint64_t difference = a ^ b;
  return ((difference | (0 - difference)) >> 63) - 1;
}

}  // namespace

ScalarDigits ScalarDigits::of_half(const std::uint8_t* scalar) {
  Words k = read(scalar);
  // ℓ is odd: adding it makes an odd scalar even, which is then halved; and an even half odd, as the recoding wants it.
  k = shifted_right(add_masked(k, order, 0 - (k.word[0] & 1)), 1);
  k = add_masked(k, order, (k.word[0] & 1) - 1);
  ScalarDigits out;
  for (std::size_t i = 0; i < count; i++) {
    // k is odd and stays so: with d = (k mod 32) − 16 the rest, (k − d)/16, is the bits above with the lowest one set.
    const bool is_last = i == count - 1;
    const std::int64_t digit = static_cast<std::int64_t>(k.word[0] & 31) - (is_last ? 0 : 16);
    k = shifted_right(k, 4);
    k.word[0] |= 1;
    const std::int64_t sign = digit >> 63;
    const std::uint64_t magnitude = static_cast<std::uint64_t>((digit ^ sign) - sign);
    Digit& target = out.digits_[i];
    target.is_negative = static_cast<std::uint64_t>(sign);
    for (std::size_t j = 0; j < table_size; j++) target.is_entry[j] = equal_mask(magnitude, 2 * j + 1);
  }
  wipe(&k, sizeof k);
  return out;
}

ScalarDigits::~ScalarDigits() { wipe(digits_, sizeof digits_); }

bool is_scalar(const std::uint8_t* bytes) {
  const Words k = read(bytes);
  std::uint64_t borrow = 0, any = 0;
  for (int i = 0; i < 4; i++) {
    any |= k.word[i];
    const std::uint64_t difference = k.word[i] - order.word[i];
    borrow = static_cast<std::uint64_t>(k.word[i] < order.word[i]) | static_cast<std::uint64_t>(difference < borrow);
  }
  return borrow == 1 && any != 0;
}

}  // namespace causeway
