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

/** The digits of half a scalar, from −15 to 15 and odd. */
void recode_half(const std::uint8_t* scalar, std::int8_t (&digits)[ScalarDigits::count]) {
  Words k = read(scalar);
  // ℓ is odd: adding it makes an odd scalar even, which is then halved; and an even half odd, as the recoding wants it.
  k = shifted_right(add_masked(k, order, 0 - (k.word[0] & 1)), 1);
  k = add_masked(k, order, (k.word[0] & 1) - 1);
  for (std::size_t i = 0; i < ScalarDigits::count; i++) {
    // k is odd and stays so: with d = (k mod 32) − 16 the rest, (k − d)/16, is the bits above with the lowest one set.
    const bool is_last = i == ScalarDigits::count - 1;
    digits[i] = static_cast<std::int8_t>(static_cast<int>(k.word[0] & 31) - (is_last ? 0 : 16));
    k = shifted_right(k, 4);
    k.word[0] |= 1;
  }
  wipe(&k, sizeof k);
}

}  // namespace

ScalarDigits ScalarDigits::of_half(const std::uint8_t* scalar) {
  std::int8_t digits[count];
  recode_half(scalar, digits);
  ScalarDigits out;
  for (std::size_t i = 0; i < count; i++) {
    const std::int64_t digit = digits[i];
    const std::int64_t sign = digit >> 63;
    const std::uint64_t magnitude = static_cast<std::uint64_t>((digit ^ sign) - sign);
    Digit& target = out.digits_[i];
    target.is_negative = static_cast<std::uint64_t>(sign);
    for (std::size_t j = 0; j < table_size; j++) target.is_entry[j] = equal_mask(magnitude, 2 * j + 1);
  }
  wipe(digits, sizeof digits);
  return out;
}

PublicDigits PublicDigits::of_half(const std::uint8_t* scalar) {
  PublicDigits out;
  recode_half(scalar, out.at);
  return out;
}

void reduce_scalar(const std::uint8_t* wide, std::uint8_t* out) {
  // Long division by words of 32 bits. With ℓ = 2^252 + c: r·2^32 + w = q·2^252 + low is low − q·c mod ℓ, where q is
  // below 2^34 and q·c below 2^159, so that ℓ is added once at most.
  Words r{};
  for (int at = 60; at >= 0; at -= 4) {
    std::uint64_t next = 0;
    for (int i = 0; i < 4; i++) next |= std::uint64_t{wide[at + i]} << (8 * i);
    const std::uint64_t top = r.word[3] >> 32;
    for (int i = 3; i > 0; i--) r.word[i] = r.word[i] << 32 | r.word[i - 1] >> 32;
    r.word[0] = r.word[0] << 32 | next;
    const std::uint64_t q = top << 4 | r.word[3] >> 60;
    r.word[3] &= ~std::uint64_t{0} >> 4;

    using Wide = unsigned __int128;
    const Wide low = Wide{q} * order.word[0];
    const Wide high = Wide{q} * order.word[1] + static_cast<std::uint64_t>(low >> 64);
    const std::uint64_t product[4] = {static_cast<std::uint64_t>(low), static_cast<std::uint64_t>(high),
                                      static_cast<std::uint64_t>(high >> 64), 0};
    std::uint64_t borrow = 0;
    for (int i = 0; i < 4; i++) {
      const Wide difference = Wide{r.word[i]} - product[i] - borrow;
      r.word[i] = static_cast<std::uint64_t>(difference);
      borrow = static_cast<std::uint64_t>(difference >> 64) & 1;
    }
    r = add_masked(r, order, 0 - borrow);
  }
  for (int i = 0; i < 32; i++) out[i] = static_cast<std::uint8_t>(r.word[i / 8] >> (8 * (i % 8)));
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
