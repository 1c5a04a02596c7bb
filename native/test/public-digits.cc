/** Scalars mod ℓ: numbers of 512 bits are reduced, and recoded in digits that stand for half of them. */
#include "group/scalar.h"

#include <cstring>
#include <vector>

#include "check.h"

namespace {

using causeway::PublicDigits;
using causeway::reduce_scalar;
using causeway::ScalarDigits;

/** A number of 512 bits, in words of 32, the least significant first. */
struct Number {
  std::uint32_t word[16] = {};

  static Number of(std::initializer_list<std::uint32_t> words) {
    Number out;
    std::size_t i = 0;
    for (std::uint32_t word : words) out.word[i++] = word;
    return out;
  }
  std::vector<std::uint8_t> bytes() const {
    std::vector<std::uint8_t> out(64);
    for (std::size_t i = 0; i < 64; i++) out[i] = static_cast<std::uint8_t>(word[i / 4] >> (8 * (i % 4)));
    return out;
  }
};

const Number order = Number::of({0x5cf5d3ed, 0x5812631a, 0xa2f79cd6, 0x14def9de, 0, 0, 0, 0x10000000});

Number sum(const Number& a, const Number& b) {
  Number out;
  std::uint64_t carry = 0;
  for (int i = 0; i < 16; i++) {
    carry += std::uint64_t{a.word[i]} + b.word[i];
    out.word[i] = static_cast<std::uint32_t>(carry);
    carry >>= 32;
  }
  CHECK(carry == 0);
  return out;
}

Number complement(Number a) {
  for (std::uint32_t& word : a.word) word = ~word;
  return a;
}

/** a·b, where it is below 2^512. */
Number product(const Number& a, const Number& b) {
  Number out;
  for (std::size_t i = 0; i < 16; i++) {
    std::uint64_t carry = 0;
    for (std::size_t j = 0; i + j < 16; j++) {
      carry += std::uint64_t{a.word[i]} * b.word[j] + out.word[i + j];
      out.word[i + j] = static_cast<std::uint32_t>(carry);
      carry >>= 32;
    }
  }
  return out;
}

/** Quotients and remainders at the edges of words, of 2^252 and of ℓ. */
const Number edges[] = {
    Number{},
    Number::of({1}),
    Number::of({0xffffffff}),
    Number::of({0, 1}),
    Number::of({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}),
    Number::of({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xfffffff}),
    Number::of({0, 0, 0, 0, 0, 0, 0, 0x10000000}),
    Number::of({0x5cf5d3ec, 0x5812631a, 0xa2f79cd6, 0x14def9de, 0, 0, 0, 0x10000000}),
};

void reduces_to_the_remainder() {
  for (const Number& quotient : edges) {
    for (const Number& remainder : edges) {
      std::uint8_t out[32];
      reduce_scalar(sum(product(quotient, order), remainder).bytes().data(), out);
      CHECK(std::memcmp(out, remainder.bytes().data(), 32) == 0);
    }
  }
  // 2^512 − 1 mod ℓ.
  const std::vector<std::uint8_t> most(64, 0xff);
  const std::uint8_t expected[32] = {0x00, 0x0f, 0x9c, 0x44, 0xe3, 0x11, 0x06, 0xa4, 0x47, 0x93, 0x85,
                                     0x68, 0xa7, 0x1b, 0x0e, 0xd0, 0x65, 0xbe, 0xf5, 0x17, 0xd2, 0x73,
                                     0xec, 0xce, 0x3d, 0x9a, 0x30, 0x7c, 0x1b, 0x41, 0x99, 0x03};
  std::uint8_t out[32];
  reduce_scalar(most.data(), out);
  CHECK(std::memcmp(out, expected, 32) == 0);
}

void digits_are_odd_and_stand_for_a_half() {
  for (const Number& scalar : edges) {
    const PublicDigits digits = PublicDigits::of_half(scalar.bytes().data());
    // Σ dᵢ·16^i from the top: with a positive digit there, it stays positive.
    Number value;
    for (std::size_t i = ScalarDigits::count; i-- > 0;) {
      const int digit = digits.at[i];
      CHECK(digit % 2 != 0 && digit >= -15 && digit <= 15);
      value = product(value, Number::of({16}));
      const Number magnitude = Number::of({static_cast<std::uint32_t>(digit < 0 ? -digit : digit)});
      // a − b = ~(~a + b)
      value = digit > 0 ? sum(value, magnitude) : complement(sum(complement(value), magnitude));
    }
    std::uint8_t twice[32];
    reduce_scalar(sum(value, value).bytes().data(), twice);
    CHECK(std::memcmp(twice, scalar.bytes().data(), 32) == 0);
  }
}

}  // namespace

int main() {
  reduces_to_the_remainder();
  digits_are_odd_and_stand_for_a_half();
  return 0;
}
