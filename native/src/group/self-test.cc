#include "group/self-test.h"

#include <cstring>

#include "group/operations.h"

namespace causeway {

namespace {

/** Fills some groups of lanes of every class, and none of its last ones. */
constexpr std::size_t row_count = 35;
constexpr std::size_t tag_bytes = 32;

/**
 * SHA-256 of the points and then the tags, as libsodium and noble-hashes make them: keys 00 01 02 …, a scalar 01 02 …
 * 1f 05, prefix and context "known answer", tag "causeway/v1/known-answer".
 */
constexpr std::uint8_t expected[32] = {0x17, 0x01, 0x2c, 0x98, 0x3c, 0xd0, 0x58, 0xa2, 0xb5, 0x83, 0xec,
                                       0x79, 0x5a, 0xea, 0x47, 0x31, 0x9a, 0xe3, 0xf1, 0x0e, 0x94, 0x00,
                                       0xde, 0x75, 0x8b, 0x2a, 0x8a, 0x06, 0xd3, 0x29, 0xec, 0x6b};

template <std::size_t length>
constexpr Span text(const std::uint8_t (&bytes)[length]) {
  return {bytes, length};
}

constexpr std::uint8_t prefix[] = {'k', 'n', 'o', 'w', 'n', ' ', 'a', 'n', 's', 'w', 'e', 'r'};
constexpr std::uint8_t dst[] = {'c', 'a', 'u', 's', 'e', 'w', 'a', 'y', '/', 'v', '1', '/',
                                'k', 'n', 'o', 'w', 'n', '-', 'a', 'n', 's', 'w', 'e', 'r'};

}  // namespace

bool group_works(CpuClass cpu_class) {
  const GroupKernel& kernel = group_kernel(cpu_class);
  std::uint8_t keys[row_count * key_bytes], scalar[32], all[row_count * (element_bytes + tag_bytes)], digest[32];
  for (std::size_t i = 0; i < sizeof keys; i++) keys[i] = static_cast<std::uint8_t>(i);
  for (std::size_t i = 0; i < sizeof scalar; i++) scalar[i] = static_cast<std::uint8_t>(i + 1);
  scalar[31] = 5;
  const ScalarDigits digits = ScalarDigits::of_half(scalar);
  std::uint8_t* const tags = all + row_count * element_bytes;
  const Fault blinding = blind(kernel, HashToGroup(text(prefix), text(dst)), digits, keys, row_count, all);
  const Fault evaluation =
      evaluate(kernel, RowMessage<4>(text(prefix), element_bytes, {}), tag_bytes, digits, all, row_count, tags);
  kernel.sha256(RowMessage<4>(text(all), 0, {}), all, 1, digest);
  if (blinding.kind != Fault::none || evaluation.kind != Fault::none) return false;
  if (std::memcmp(digest, expected, sizeof digest) != 0) return false;

  // 2^255 − 1 is not canonical, and 0 is the identity.
  std::memset(all + 20 * element_bytes, 0xff, element_bytes);
  const Fault malformed = kernel.multiply(digits, all, row_count, tags);
  std::memset(all, 0, element_bytes);
  const Fault identity = kernel.multiply(digits, all, row_count, tags);
  return malformed.kind == Fault::malformed && malformed.row == 20 && identity.kind == Fault::identity &&
         identity.row == 0;
}

}  // namespace causeway
