/** Constants of edwards25519 and ristretto255 (RFC 9496 §4.1), as five limbs of 51 bits. */
#pragma once

#include <cstdint>

namespace causeway {

using Limbs = std::uint64_t[5];

inline constexpr Limbs zero_limbs = {0, 0, 0, 0, 0};
inline constexpr Limbs one_limbs = {1, 0, 0, 0, 0};
/** D = −121665/121666. */
inline constexpr Limbs d_limbs = {0x34dca135978a3, 0x1a8283b156ebd, 0x5e7a26001c029, 0x739c663a03cbb, 0x52036cee2b6ff};
/** 2·D. */
inline constexpr Limbs d2_limbs = {0x69b9426b2f159, 0x35050762add7a, 0x3cf44c0038052, 0x6738cc7407977, 0x2406d9dc56dff};
/** SQRT_M1² = −1. */
inline constexpr Limbs sqrt_m1_limbs = {0x61b274a0ea0b0, 0x0d5a5fc8f189d, 0x7ef5e9cbd0c60, 0x78595a6804c9e,
                                        0x2b8324804fc1d};
/** SQRT_AD_MINUS_ONE² = −D − 1. */
inline constexpr Limbs sqrt_ad_minus_one_limbs = {0x7f6a0497b2e1b, 0x1836f0a97afd2, 0x7d747f6be7638, 0x456079e7e6498,
                                                  0x376931bf2b834};
/** INVSQRT_A_MINUS_D² = 1/(−1 − D). */
inline constexpr Limbs invsqrt_a_minus_d_limbs = {0x0fdaa805d40ea, 0x2eb482e57d339, 0x007610274bc58, 0x6510b613dc8ff,
                                                  0x786c8905cfaff};
/** 1 − D². */
inline constexpr Limbs one_minus_d_sq_limbs = {0x409c1945fc176, 0x719abc6a1fc4f, 0x1c37f90b20684, 0x06bccca55eedf,
                                               0x029072a8b2b3e};
/** (D − 1)². */
inline constexpr Limbs d_minus_one_sq_limbs = {0x55aaa44ed4d20, 0x59603c3332635, 0x26d3baf4a7928, 0x120a66e6997a9,
                                               0x5968b37af66c2};

}  // namespace causeway
