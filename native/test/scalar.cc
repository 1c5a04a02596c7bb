/** Digits say what they are made of, and all have the form on which constant time rests. */
#include "group/scalar.h"

#include <cstring>
#include <random>

#include "check.h"

namespace {

using causeway::is_scalar;
using causeway::ScalarDigits;

constexpr std::uint8_t order[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7,
                                    0xa2, 0xde, 0xf9, 0xde, 0x14, 0,    0,    0,    0,    0,    0,
                                    0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};

/** A signed number in radix 16, and its form with digits from 0 to 15 below 2^260. */
struct Radix16 {
  int digit[65] = {};

  void normalise() {
    for (int i = 0; i < 64; i++) {
      int carry = digit[i] >> 4;
      digit[i] -= 16 * carry;
      digit[i + 1] += carry;
    }
  }
  void subtract_order() {
    for (int i = 0; i < 64; i++) digit[i] -= order[i / 2] >> (4 * (i % 2)) & 15;
    normalise();
  }
  bool equals(const std::uint8_t* bytes) const {
    for (int i = 0; i < 64; i++) {
      if (digit[i] != (bytes[i / 2] >> (4 * (i % 2)) & 15)) return false;
    }
    return digit[64] == 0;
  }
};

void check_digits(const std::uint8_t* scalar) {
  const ScalarDigits digits = ScalarDigits::of_half(scalar);
  Radix16 twice;
  for (std::size_t i = 0; i < ScalarDigits::count; i++) {
    int magnitude = 0;
    for (std::size_t j = 0; j < ScalarDigits::table_size; j++) {
      CHECK(digits[i].is_entry[j] == 0 || digits[i].is_entry[j] == ~std::uint64_t{0});
      if (digits[i].is_entry[j] == 0) continue;
      CHECK(magnitude == 0);
      magnitude = 2 * static_cast<int>(j) + 1;
    }
    CHECK(magnitude != 0);
    CHECK(digits[i].is_negative == 0 || (digits[i].is_negative == ~std::uint64_t{0} && i < ScalarDigits::count - 1));
    twice.digit[i] = 2 * (digits[i].is_negative == 0 ? magnitude : -magnitude);
  }
  twice.normalise();
  // Twice a number below 2^254, and equal to the scalar mod ℓ.
  int subtracted = 0;
  while (!twice.equals(scalar)) {
    CHECK(subtracted++ < 8);
    twice.subtract_order();
  }
}

}  // namespace

int main() {
  std::uint8_t scalar[32] = {};
  CHECK(!is_scalar(scalar));
  CHECK(!is_scalar(order));
  for (std::uint8_t low = 1; low < 40; low++) {
    scalar[0] = low;
    CHECK(is_scalar(scalar));
    check_digits(scalar);
    std::uint8_t high[32];
    std::memcpy(high, order, 32);
    high[0] = static_cast<std::uint8_t>(high[0] - low);
    CHECK(is_scalar(high));
    check_digits(high);
    high[0] = static_cast<std::uint8_t>(order[0] + low);
    CHECK(is_scalar(high) == (order[0] + low > 255));
  }
  std::memset(scalar, 0xff, 32);
  CHECK(!is_scalar(scalar));
  std::mt19937_64 random(1);
  for (int round = 0; round < 2000; round++) {
    for (std::uint8_t& byte : scalar) byte = static_cast<std::uint8_t>(random());
    scalar[31] &= 0x0f;
    CHECK(is_scalar(scalar));
    check_digits(scalar);
  }
}
