/**
 * Stands in for libFuzzer where the compiler has none: random inputs, and mutations of earlier ones, for as long as it
 * is told.
 *
 *   target -max_total_time=5 -seed=1
 *
 * It learns nothing of coverage: its inputs find what a sanitizer sees on short random walks, no more.
 */
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t length_max = 4096;
constexpr std::size_t corpus_max = 256;

long option(int count, char** values, const char* name, long otherwise) {
  const std::size_t length = std::strlen(name);
  for (int i = 1; i < count; i++) {
    if (std::strncmp(values[i], name, length) == 0) return std::strtol(values[i] + length, nullptr, 10);
  }
  return otherwise;
}

Bytes mutated(Bytes bytes, std::mt19937_64& random) {
  for (std::uint64_t left = 1 + random() % 4; left > 0; left--) {
    const std::size_t at = bytes.empty() ? 0 : random() % bytes.size();
    switch (random() % 5) {
      case 0:
        if (!bytes.empty()) bytes[at] = static_cast<std::uint8_t>(bytes[at] ^ (1u << (random() % 8)));
        break;
      case 1:
        if (!bytes.empty()) bytes[at] = random() % 2 ? 0x00 : 0xff;
        break;
      case 2:
        bytes.resize(at);
        break;
      case 3:
        bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(at), random() % 64,
                     static_cast<std::uint8_t>(random()));
        break;
      default:
        for (std::uint64_t i = random() % 64; i > 0; i--) bytes.push_back(static_cast<std::uint8_t>(random()));
    }
  }
  if (bytes.size() > length_max) bytes.resize(length_max);
  return bytes;
}

}  // namespace

int main(int count, char** values) {
  const std::chrono::seconds budget(option(count, values, "-max_total_time=", 5));
  const auto end = std::chrono::steady_clock::now() + budget;
  std::mt19937_64 random(static_cast<std::uint64_t>(option(count, values, "-seed=", 1)));
  std::vector<Bytes> corpus(1);
  unsigned long runs = 0;
  for (; std::chrono::steady_clock::now() < end; runs++) {
    const Bytes input = mutated(corpus[random() % corpus.size()], random);
    // A copy whose end is the end of its memory: a read beyond it is seen.
    const Bytes exact(input.begin(), input.end());
    LLVMFuzzerTestOneInput(exact.data(), exact.size());
    if (corpus.size() < corpus_max) {
      corpus.push_back(input);
    } else {
      corpus[random() % corpus_max] = input;
    }
  }
  std::printf("%lu inputs\n", runs);
  return 0;
}
