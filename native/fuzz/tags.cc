/** Any bytes in place of the sender's tags: refused, or taken for tags that a second encoding gives back. */
#include "psi/tags.h"

#include <cstdlib>
#include <cstring>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace causeway::psi;
  if (size < 2) return 0;
  const unsigned bits = 42 + data[0] % 55;
  // The largest number of tags whose message is not longer than the input.
  TagShape shape{1 + data[1] % std::size_t{64}, bits};
  while (shape.count > 1 && shape.bytes() > size - 2) shape.count--;
  if (shape.bytes() > size - 2) return 0;
  const std::uint8_t* const message = data + 2;

  // Own tags that stand in the message where it is one of small prefixes, and some that do not.
  std::vector<Tagged> own;
  for (std::uint32_t i = 0; i < 16; i++) own.push_back(static_cast<Tagged>(i) << (32 + i * 2) | i);
  sort_tags(own, bits);
  std::vector<std::uint8_t> is_matched(16), match((shape.count + 7) / 8);
  if (!join_tags(message, shape, own, is_matched.data(), match.data())) return 0;

  // Decoded plainly, bit by bit.
  std::vector<Tagged> tags;
  const auto bit = [](const std::uint8_t* from, std::size_t at) { return from[at / 8] >> at % 8 & 1; };
  std::size_t at = 0;
  for (std::size_t i = 0; i < shape.count; i++, at++) {
    while (!bit(message + shape.low_bytes(), at)) at++;
    Tagged tag = at - i;
    for (unsigned b = shape.low_bits(); b-- > 0;) tag = tag << 1 | bit(message, i * shape.low_bits() + b);
    tags.push_back(tag << 32);
  }
  std::vector<std::uint8_t> again(shape.bytes());
  encode_tags(again.data(), tags, shape);
  if (std::memcmp(again.data(), message, again.size()) != 0) std::abort();
  return 0;
}
