/**
 * The rules of a field representation, for the class whose header was included before: limbs stay below the bounds that
 * the header states, and results are right, for factors of extreme and of random limbs. Intermediate values are sums of
 * products of limbs, none of which is negative: where the largest factors give a right result no smaller ones overflow.
 */
#pragma once

#include <cstring>
#include <random>

#include "check.h"
#include "group/field.h"
#include "reference.h"

namespace causeway {
namespace {

/** What the header states, by limb or column. */
struct Bounds {
  std::uint64_t fe, factor, product, sum;
};
Bounds bounds(int limb);

constexpr int limb_count = sizeof(Fe::at) / sizeof(Fe::at[0]);

constexpr int first_bit_of(int limb) { return limb_count == 10 ? (51 * limb + 1) / 2 : 51 * limb; }

using Random = std::mt19937_64;

template <class Registers>
std::uint64_t lane_of(const Registers& registers, int limb, std::size_t lane) {
  std::uint64_t words[Fe::lanes];
  std::memcpy(words, &registers.at[limb], sizeof words);
  return words[lane];
}

/** Limbs from 0 to a bound, each of them extreme or anything between. */
template <class Registers>
Registers limbs_up_to(std::uint64_t Bounds::*which, bool all_largest, Random& random) {
  Registers out;
  for (int limb = 0; limb < limb_count; limb++) {
    std::uint64_t words[Fe::lanes];
    const std::uint64_t largest = bounds(limb).*which - 1;
    for (std::uint64_t& word : words) {
      const std::uint64_t kind = all_largest ? 0 : random() % 4;
      word = kind == 0 ? largest : kind == 1 ? 0 : random() % (largest + 1);
    }
    std::memcpy(&out.at[limb], words, sizeof words);
  }
  return out;
}

template <class Registers>
Registers no_limbs() {
  const std::uint64_t words[Fe::lanes] = {};
  Registers out;
  for (int limb = 0; limb < limb_count; limb++) std::memcpy(&out.at[limb], words, sizeof words);
  return out;
}

template <class Registers>
Number value_of(const Registers& registers, std::size_t lane) {
  Number sum;
  for (int limb = 0; limb < limb_count; limb++) {
    Number weight;
    weight.word[first_bit_of(limb) / 64] = std::uint64_t{1} << first_bit_of(limb) % 64;
    sum = sum_mod_p(sum, lane_of(registers, limb, lane), weight);
  }
  return sum;
}

template <class Registers>
void check_bounds(const Registers& registers, std::uint64_t Bounds::*which) {
  for (int limb = 0; limb < limb_count; limb++) {
    for (std::size_t lane = 0; lane < Fe::lanes; lane++) CHECK(lane_of(registers, limb, lane) < bounds(limb).*which);
  }
}

Number encoded_value(const Fe& a, std::size_t lane) {
  std::uint8_t rows[32 * Fe::lanes];
  encode(a, rows);
  Number out;
  for (std::size_t i = 0; i < 32; i++) out.word[i / 8] |= std::uint64_t{rows[32 * lane + i]} << (8 * (i % 8));
  return out;
}

void check_products(bool all_largest, Random& random) {
  const auto a = limbs_up_to<Fe::Factor>(&Bounds::factor, all_largest, random);
  const auto b = limbs_up_to<Fe::Factor>(&Bounds::factor, all_largest, random);
  check_bounds(a * b, &Bounds::product);
  check_bounds(square(a), &Bounds::product);
  check_bounds(times(a, b), &Bounds::fe);
  check_bounds(squared(a), &Bounds::fe);
  for (std::size_t lane = 0; lane < Fe::lanes; lane++) {
    const Number left = value_of(a, lane), right = value_of(b, lane);
    CHECK(value_of(times(a, b), lane) == product_mod_p(left, right));
    CHECK(value_of(squared(a), lane) == product_mod_p(left, left));
    CHECK(value_of(reduced(a * b), lane) == product_mod_p(left, right));
    CHECK(value_of(reduced(square(a)), lane) == product_mod_p(left, left));
  }
}

/** Three products at most, less one: with the columns at their bounds, which no factors reach all at once. */
void check_sums(bool all_largest, Random& random) {
  const auto a = limbs_up_to<Product>(&Bounds::product, all_largest, random);
  const auto b = limbs_up_to<Product>(&Bounds::product, all_largest, random);
  const auto c = limbs_up_to<Product>(&Bounds::product, all_largest, random);
  const auto d = limbs_up_to<Product>(&Bounds::product, all_largest, random);
  const auto none = no_limbs<Product>();
  check_bounds((a + b) + (c - d), &Bounds::sum);
  check_bounds(none - d, &Bounds::sum);
  check_bounds(reduced((a + b) + (c - d)), &Bounds::fe);
  check_bounds(reduced(none - d), &Bounds::fe);
  const Mask some = is_zero(Fe::of(zero_limbs));
  CHECK(some.bits() == (1u << Fe::lanes) - 1);
  for (std::size_t lane = 0; lane < Fe::lanes; lane++) {
    const Number minus_d = minus_mod_p(value_of(d, lane));
    const Number all =
        sum_mod_p(sum_mod_p(sum_mod_p(value_of(a, lane), 1, value_of(b, lane)), 1, value_of(c, lane)), 1, minus_d);
    CHECK(value_of(reduced((a + b) + (c - d)), lane) == all);
    CHECK(value_of(reduced(none - d), lane) == minus_d);
  }
}

void check_elements(bool all_largest, Random& random) {
  const Fe a = limbs_up_to<Fe>(&Bounds::fe, all_largest, random);
  const Fe b = limbs_up_to<Fe>(&Bounds::fe, all_largest, random);
  const Fe none = no_limbs<Fe>();
  check_bounds(a + b, &Bounds::factor);
  check_bounds(reduced(a + b), &Bounds::fe);
  check_bounds(a - b, &Bounds::fe);
  check_bounds(none - b, &Bounds::fe);
  const Mask negative = is_negative(a);
  for (std::size_t lane = 0; lane < Fe::lanes; lane++) {
    const Number left = value_of(a, lane), right = value_of(b, lane);
    const Number sum = sum_mod_p(left, 1, right), difference = sum_mod_p(left, 1, minus_mod_p(right));
    CHECK(value_of(a + b, lane) == sum);
    CHECK(value_of(reduced(a + b), lane) == sum);
    CHECK(value_of(a - b, lane) == difference);
    CHECK(value_of(none - b, lane) == minus_mod_p(right));
    CHECK(encoded_value(a, lane) == left);
    CHECK((negative.bits() >> lane & 1) == (left.word[0] & 1));
    CHECK(value_of(times(loaded(stored(a)), b), lane) == product_mod_p(left, right));
    CHECK(value_of(select(negative, a, b), lane) == ((left.word[0] & 1) != 0 ? left : right));
  }
}

/** Encodings around 0, p and 2^255, and any others: read as they are, and told apart from canonical ones. */
void check_encodings(Random& random) {
  std::uint8_t rows[32 * Fe::lanes];
  bool below_p[Fe::lanes];
  for (std::size_t lane = 0; lane < Fe::lanes; lane++) {
    std::uint8_t* const row = rows + 32 * lane;
    const std::uint64_t kind = random() % 4;
    const std::uint8_t distance = static_cast<std::uint8_t>(random() % 40);
    for (std::size_t i = 0; i < 32; i++)
      row[i] = static_cast<std::uint8_t>(kind == 0 ? 0 : kind == 1 ? 0xff : random());
    if (kind == 0) row[0] = distance;
    if (kind == 1) row[0] = static_cast<std::uint8_t>(0xff - distance);
    const bool has_top_bit = random() % 4 == 0;
    row[31] = static_cast<std::uint8_t>((row[31] & 0x7f) | (has_top_bit ? 0x80 : 0));
    // p is 2^255 − 19: only numbers whose upper bits are all ones can reach it.
    bool all_ones = (row[31] & 0x7f) == 0x7f;
    for (int i = 1; i < 31; i++) all_ones = all_ones && row[i] == 0xff;
    below_p[lane] = !has_top_bit && !(all_ones && row[0] >= 0xed);
  }
  Mask is_canonical;
  const Fe a = Fe::decoded(rows, &is_canonical);
  check_bounds(a, &Bounds::fe);
  for (std::size_t lane = 0; lane < Fe::lanes; lane++) {
    CHECK((is_canonical.bits() >> lane & 1) == (below_p[lane] ? 1u : 0u));
    CHECK(encoded_value(a, lane) == value_of(a, lane));
    if (!below_p[lane]) continue;
    std::uint8_t again[32 * Fe::lanes];
    encode(a, again);
    CHECK(std::memcmp(again + 32 * lane, rows + 32 * lane, 32) == 0);
  }
}

void check_powers(Random& random) {
  const Fe a = limbs_up_to<Fe>(&Bounds::fe, false, random);
  const Fe inverse = inverted(a);
  const Mask is_one = is_zero(times(a, inverse) - Fe::of(one_limbs));
  CHECK((is_one | is_zero(a)).bits() == (1u << Fe::lanes) - 1);
  const Fe square_of_a[2] = {squared(a), squared(inverse)}, ones[2] = {Fe::of(one_limbs), Fe::of(one_limbs)};
  const Roots<Fe, 2> roots = sqrt_ratios(square_of_a, ones);
  CHECK(is_zero(roots.root[0] - absolute(a)).bits() == (1u << Fe::lanes) - 1);
  CHECK(is_zero(roots.root[1] - absolute(inverse)).bits() == (1u << Fe::lanes) - 1);
  CHECK((roots.was_square[0] & roots.was_square[1]).bits() == (1u << Fe::lanes) - 1);
}

__attribute__((noinline)) void check_field() {
  Random random(1);
  for (int round = 0; round < 300; round++) {
    check_products(round == 0, random);
    check_sums(round == 0, random);
    check_elements(round == 0, random);
    check_encodings(random);
    if (round % 10 == 0) check_powers(random);
  }
}

}  // namespace
}  // namespace causeway
