/** `hashStrings` for JavaScript: match keys of the texts in a column of the data engine's. */
#include <algorithm>
#include <cstring>
#include <memory>

#include "hash/sha256.h"
#include "node/arguments.h"
#include "node/define.h"

namespace causeway {

namespace {

constexpr std::size_t key_bytes = 16;
constexpr std::size_t texts_per_piece = 4096;

/** DuckDB's duckdb_string_t (duckdb.h): a text of up to 12 bytes lies in it, a longer one behind a pointer. */
struct EngineText {
  std::uint32_t length;
  char inlined_or_prefix[4];
  union {
    char inlined[8];
    const std::uint8_t* pointer;
  };
};
static_assert(sizeof(EngineText) == 16, "the layout of duckdb_string_t");
constexpr std::uint32_t inlined_max = 12;

class HashJob : public AsyncJob {
 public:
  HashJob(CpuClass cpu_class, Input prefix, Input texts, std::uint8_t* keys)
      : prefix_(cpu_class, prefix.data, prefix.length), texts_(texts), keys_(keys) {}

  std::size_t piece_count() const override { return (count() + texts_per_piece - 1) / texts_per_piece; }

  void run(std::size_t piece) override {
    const std::size_t from = piece * texts_per_piece, to = std::min(count(), from + texts_per_piece);
    for (std::size_t i = from; i < to; i++) {
      EngineText text;
      std::memcpy(&text, texts_.data + i * sizeof text, sizeof text);
      const std::uint8_t* const bytes =
          text.length <= inlined_max ? texts_.data + i * sizeof text + sizeof text.length : text.pointer;
      std::uint8_t digest[hash::sha256_digest_bytes];
      prefix_.digest(bytes, text.length, digest);
      std::memcpy(keys_ + i * key_bytes, digest, key_bytes);
    }
  }

 private:
  std::size_t count() const { return texts_.length / sizeof(EngineText); }

  const hash::Sha256Prefix prefix_;
  const Input texts_;
  std::uint8_t* const keys_;
};

/**
 * hashStrings(pool, class, prefix, texts): the first 16 bytes of SHA-256(prefix ‖ text) for each text. `texts` is the
 * memory of a VARCHAR vector of DuckDB's without NULLs, as its binding gives it; its chunk has to live until the
 * promise is settled. It holds pointers: nothing else may be passed.
 */
napi_value hash_strings(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  PoolHandle* const pool = arguments.pool();
  const CpuClass cpu_class = arguments.cpu_class();
  const Input prefix = arguments.bytes("prefix");
  const Input texts = arguments.rows("texts", sizeof(EngineText));
  std::uint8_t* const keys = arguments.output(texts.length / sizeof(EngineText) * key_bytes);
  if (arguments.failed()) return nullptr;
  return arguments.submit(pool, std::make_unique<HashJob>(cpu_class, prefix, texts, keys));
}

}  // namespace

void define_strings(napi_env env, napi_value exports) { define_function(env, exports, "hashStrings", &hash_strings); }

}  // namespace causeway
