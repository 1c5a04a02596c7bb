/** Small discrete logarithms to the base G, by baby steps and giant steps (Shanks). Everything in it is public to its
 * caller. */
#pragma once

#include <cstddef>
#include <cstdint>

#include "sum/kernel.h"

namespace causeway {

/** A table of 0·G to 2^bits·G, open to both signs. */
inline constexpr std::size_t log_bits_min = 4, log_bits_max = 22;

/** Words of a table: twice as many as it has entries. */
inline std::size_t log_table_words(std::size_t bits) { return std::size_t{2} << bits; }

/** @param words all zero before. */
void build_log_table(const SumFunctions& functions, std::size_t bits, std::uint64_t* words);

enum class LogResult { found, none, malformed };

/** @param element 32 bytes; the identity is the encoding of 0. @param value in [low, high], where it was found. */
LogResult find_log(const SumFunctions& functions, std::size_t bits, const std::uint64_t* words,
                   const std::uint8_t* element, std::int64_t low, std::int64_t high, std::int64_t* value);

}  // namespace causeway
