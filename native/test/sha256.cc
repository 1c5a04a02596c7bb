/** SHA-256 of every class: the example of FIPS 180-4, and every split of messages of every length against one another.
 */
#include "hash/sha256.h"

#include <cstdint>
#include <cstring>
#include <vector>

#include "check.h"
#include "cpu/cpu-class.h"

namespace {

using causeway::CpuClass;
using causeway::hash::sha256_digest_bytes;
using causeway::hash::Sha256Prefix;
using Bytes = std::vector<std::uint8_t>;

Bytes digest_of(CpuClass cpu_class, const Bytes& message, std::size_t prefix_length) {
  Bytes digest(sha256_digest_bytes);
  const Sha256Prefix prefix(cpu_class, message.data(), prefix_length);
  prefix.digest(message.data() + prefix_length, message.size() - prefix_length, digest.data());
  return digest;
}

void is_the_published_one(CpuClass cpu_class) {
  // FIPS 180-4, example "abc".
  const Bytes expected = {0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40,
                          0xde, 0x5d, 0xae, 0x22, 0x23, 0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17,
                          0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad};
  CHECK(digest_of(cpu_class, {'a', 'b', 'c'}, 0) == expected);
}

void does_not_depend_on_the_split(CpuClass cpu_class) {
  for (std::size_t length = 0; length <= 200; length++) {
    Bytes message(length);
    for (std::size_t i = 0; i < length; i++) message[i] = static_cast<std::uint8_t>(i * 37 + length);
    const Bytes whole = digest_of(CpuClass::portable, message, 0);
    for (std::size_t split = 0; split <= length; split++) CHECK(digest_of(cpu_class, message, split) == whole);
  }
}

}  // namespace

int main() {
  for (CpuClass each : causeway::cpu_classes) {
    if (!causeway::is_available(each)) continue;
    is_the_published_one(each);
    does_not_depend_on_the_split(each);
  }
  return 0;
}
