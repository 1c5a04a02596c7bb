#include "sum/scalars.h"

#include <cstring>
#include <initializer_list>

#include "secret/wipe.h"

namespace causeway {

namespace {

__extension__ typedef unsigned __int128 Wide;

constexpr std::uint64_t order[4] = {0x5812631a5cf5d3ed, 0x14def9dea2f79cd6, 0, 0x1000000000000000};
/** ℓ − 2^252. */
constexpr std::uint64_t excess[2] = {0x5812631a5cf5d3ed, 0x14def9dea2f79cd6};

template <std::size_t n>
struct Number {
  std::uint64_t word[n];
};

template <std::size_t n>
Number<n> read(const std::uint8_t* bytes) {
  Number<n> out{};
  for (std::size_t i = 0; i < 8 * n; i++) out.word[i / 8] |= std::uint64_t{bytes[i]} << (8 * (i % 8));
  return out;
}

/** The bits from 252 on. */
template <std::size_t n, std::size_t m>
Number<n> above_252(const Number<m>& a) {
  Number<n> out{};
  for (std::size_t i = 0; i < n; i++) {
    const std::uint64_t low = i + 3 < m ? a.word[i + 3] >> 60 : 0;
    const std::uint64_t high = i + 4 < m ? a.word[i + 4] << 4 : 0;
    out.word[i] = low | high;
  }
  return out;
}

/** The bits below 252. */
template <std::size_t m>
Number<4> below_252(const Number<m>& a) {
  Number<4> out{};
  for (std::size_t i = 0; i < 4 && i < m; i++) out.word[i] = a.word[i];
  out.word[3] &= (std::uint64_t{1} << 60) - 1;
  return out;
}

/** a · (ℓ − 2^252). */
template <std::size_t n>
Number<n + 2> times_excess(const Number<n>& a) {
  Number<n + 2> out{};
  for (std::size_t j = 0; j < 2; j++) {
    Wide carry = 0;
    for (std::size_t i = 0; i < n; i++) {
      carry += Wide{a.word[i]} * excess[j] + out.word[i + j];
      out.word[i + j] = static_cast<std::uint64_t>(carry);
      carry >>= 64;
    }
    for (std::size_t i = n + j; i < n + 2; i++) {
      carry += out.word[i];
      out.word[i] = static_cast<std::uint64_t>(carry);
      carry >>= 64;
    }
  }
  return out;
}

/** a + b, mod 2^256. */
Number<4> sum(const Number<4>& a, const Number<4>& b) {
  Number<4> out;
  Wide carry = 0;
  for (std::size_t i = 0; i < 4; i++) {
    carry += Wide{a.word[i]} + b.word[i];
    out.word[i] = static_cast<std::uint64_t>(carry);
    carry >>= 64;
  }
  return out;
}

/** a − b, mod 2^256. @param borrow all ones where b is larger. */
Number<4> difference(const Number<4>& a, const Number<4>& b, std::uint64_t* borrow) {
  Number<4> out;
  std::uint64_t carry = 0;
  for (std::size_t i = 0; i < 4; i++) {
    const Wide wide = Wide{a.word[i]} - b.word[i] - carry;
    out.word[i] = static_cast<std::uint64_t>(wide);
    carry = static_cast<std::uint64_t>(wide >> 64) & 1;
  }
  *borrow = 0 - carry;
  return out;
}

Number<4> multiple_of_order(std::uint64_t factor) {
  Number<4> out;
  Wide carry = 0;
  for (std::size_t i = 0; i < 4; i++) {
    carry += Wide{order[i]} * factor;
    out.word[i] = static_cast<std::uint64_t>(carry);
    carry >>= 64;
  }
  return out;
}

Number<4> masked(const Number<4>& a, std::uint64_t mask) {
  Number<4> out;
  for (std::size_t i = 0; i < 4; i++) out.word[i] = a.word[i] & mask;
  return out;
}

Number<4> shifted_right(const Number<4>& a, int bits) {
  Number<4> out;
  for (std::size_t i = 0; i < 4; i++) {
    const std::uint64_t above = i < 3 ? a.word[i + 1] << (64 - bits) : 0;
    out.word[i] = a.word[i] >> bits | above;
  }
  return out;
}

/** Scalars that are drawn at a time. */
constexpr std::size_t scalars_held = 256;
constexpr char row_label[] = "causeway/v1/join-sum/row";

}  // namespace

void reduce_wide(const std::uint8_t* wide, std::uint8_t* scalar) {
  // 2^252 = −e mod ℓ for the excess e, of 125 bits: so the bits above 252 go down three times, with changing sign.
  Number<8> x = read<8>(wide);
  Number<7> down1 = times_excess(above_252<5>(x));
  Number<5> down2 = times_excess(above_252<3>(down1));
  Number<3> down3 = times_excess(above_252<1>(down2));
  Number<4> rest = {{down3.word[0], down3.word[1], down3.word[2], 0}};
  std::uint64_t borrow;
  // x₀ − x₁ + x₂ − x₃ + 2ℓ, of which the xᵢ are below 2^252: between 0 and 4ℓ.
  Number<4> k = sum(sum(below_252(x), below_252(down2)), multiple_of_order(2));
  k = difference(k, sum(below_252(down1), rest), &borrow);
  for (std::uint64_t factor : {2, 1, 1}) {
    const Number<4> less = difference(k, multiple_of_order(factor), &borrow);
    k = sum(masked(less, ~borrow), masked(k, borrow));
  }
  for (std::size_t i = 0; i < scalar_bytes; i++) scalar[i] = static_cast<std::uint8_t>(k.word[i / 8] >> (8 * (i % 8)));
  wipe(&x, sizeof x);
  wipe(&down1, sizeof down1);
  wipe(&down2, sizeof down2);
  wipe(&k, sizeof k);
}

void row_scalars(const GroupKernel& kernel, const std::uint8_t* seed, std::uint64_t first, std::size_t count,
                 std::uint8_t* out) {
  constexpr std::size_t label_bytes = sizeof row_label - 1, number_bytes = 8;
  std::uint8_t head[label_bytes + seed_bytes];
  std::memcpy(head, row_label, label_bytes);
  std::memcpy(head + label_bytes, seed, seed_bytes);
  const RowMessage<8> message({head, sizeof head}, number_bytes, {});
  std::uint8_t numbers[scalars_held * number_bytes], wide[scalars_held * wide_bytes];
  for (std::size_t done = 0; done < count; done += scalars_held) {
    const std::size_t held = count - done < scalars_held ? count - done : scalars_held;
    for (std::size_t i = 0; i < held; i++) {
      for (std::size_t k = 0; k < number_bytes; k++) {
        numbers[i * number_bytes + k] = static_cast<std::uint8_t>((first + done + i) >> (56 - 8 * k));
      }
    }
    kernel.sha512(message, numbers, held, wide);
    for (std::size_t i = 0; i < held; i++) reduce_wide(wide + i * wide_bytes, out + (done + i) * scalar_bytes);
  }
  wipe(head, sizeof head);
  wipe(wide, sizeof wide);
}

HalfDigits::HalfDigits(const std::uint8_t* scalars, std::size_t lane_count) {
  std::memset(word, 0, sizeof word);
  const Number<4> ell = {{order[0], order[1], order[2], order[3]}};
  for (std::size_t lane = 0; lane < lane_count; lane++) {
    Number<4> k = read<4>(scalars + lane * scalar_bytes);
    // As in ScalarDigits::of_half: halved mod ℓ, and made odd.
    k = shifted_right(sum(k, masked(ell, 0 - (k.word[0] & 1))), 1);
    k = sum(k, masked(ell, (k.word[0] & 1) - 1));
    for (std::size_t i = 0; i < count; i++) {
      const std::int64_t digit = static_cast<std::int64_t>(k.word[0] & 31) - (i == count - 1 ? 0 : 16);
      k = shifted_right(k, 4);
      k.word[0] |= 1;
      const std::int64_t sign = digit >> 63;
      const std::uint64_t entry = static_cast<std::uint64_t>((digit ^ sign) - sign) >> 1;
      word[i] |= (entry | (static_cast<std::uint64_t>(sign) & sign_bit)) << (8 * lane);
    }
    wipe(&k, sizeof k);
  }
}

HalfDigits::~HalfDigits() { wipe(word, sizeof word); }

}  // namespace causeway
