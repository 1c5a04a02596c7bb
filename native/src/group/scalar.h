/** Scalars mod ℓ = 2^252 + 27742317777372353535851937790883648493, the order of the group: secrets, worked on without
 * branches. */
#pragma once

#include <cstddef>
#include <cstdint>

namespace causeway {

/**
 * A scalar as 64 digits of radix 16, the last being the most significant. Each is odd, from −15 to 15, so that none is
 * zero and every multiplication does the same. (Joye, Tunstall: Exponent Recoding and Regular Exponentiation
 * Algorithms, 2009, algorithm 6.) Digits are kept as masks, all ones or 0, for tables whose every entry is read.
 */
class ScalarDigits {
 public:
  static constexpr std::size_t count = 64;
  /** Entry j of a table is 2j + 1 times a point. */
  static constexpr std::size_t table_size = 8;

  struct Digit {
    std::uint64_t is_entry[table_size];
    std::uint64_t is_negative;
  };

  /**
   * The digits of half a scalar: of the k' below 2^254 with 2k' = k mod ℓ. Points are doubled while they are encoded
   * (ristretto.h).
   * @param scalar 32 bytes, little-endian, of which `is_scalar` holds.
   */
  static ScalarDigits of_half(const std::uint8_t* scalar);
  ~ScalarDigits();
  ScalarDigits(const ScalarDigits&) = default;
  ScalarDigits& operator=(const ScalarDigits&) = delete;

  const Digit& operator[](std::size_t position) const { return digits_[position]; }

 private:
  ScalarDigits() = default;

  Digit digits_[count];
};

/** The digits of half a scalar that is no secret, as numbers. */
struct PublicDigits {
  std::int8_t at[ScalarDigits::count];

  /** @param scalar 32 bytes, little-endian, below ℓ. */
  static PublicDigits of_half(const std::uint8_t* scalar);
};

/** A number of 64 bytes mod ℓ, in 32 bytes; both little-endian. */
void reduce_scalar(const std::uint8_t* wide, std::uint8_t* out);

/** Whether 32 bytes, little-endian, are from 1 to ℓ − 1. Only the answer shows in the time. */
bool is_scalar(const std::uint8_t* bytes);

}  // namespace causeway
