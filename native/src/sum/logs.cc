#include "sum/logs.h"

#include <cstring>
#include <vector>

#include "group/field-portable.h"
#include "sum/encode.h"
#include "sum/walk.h"

namespace causeway {

namespace {

/** Points walked in one go. */
constexpr std::size_t walk_steps = 512;
constexpr std::uint64_t index_mask = (std::uint64_t{1} << 24) - 1;

PointRow row_of(const Extended<Fe>& point) {
  PointRow rows[1];
  write_points(point, rows);
  return rows[0];
}

/** A word is a key's upper bits over the number of its point and 1; 0 is an empty place. */
struct Table {
  std::size_t bits;

  std::size_t place(std::uint64_t key) const {
    return static_cast<std::size_t>(key * 0x9e3779b97f4a7c15 >> (63 - bits));
  }
  std::size_t after(std::size_t place) const { return (place + 1) & (log_table_words(bits) - 1); }
};

/** The points of several walks side by side: lane l goes from start + l·count·step on. */
struct Walk {
  const SumFunctions& functions;
  Extended<Fe> start;
  std::int64_t step;
  std::vector<std::uint64_t> keys;

  /** Walks `count` steps in each lane. Point l·count + i has key i·lanes + l. */
  void go(std::size_t count) {
    std::vector<PointRow> starts;
    const Cached<Fe> stride(small_multiple(step * static_cast<std::int64_t>(count)));
    for (std::size_t lane = 0; lane < functions.lanes; lane++) {
      starts.push_back(row_of(start));
      start = added(start, stride).extended();
    }
    keys.resize(count * functions.lanes);
    functions.walk(starts.data(), row_of(small_multiple(step)), count, keys.data());
  }
};

bool is_multiple(const std::uint8_t* element, std::int64_t value) {
  std::uint8_t encoding[element_bytes];
  encode_points(small_multiple(value), encoding);
  return std::memcmp(encoding, element, element_bytes) == 0;
}

}  // namespace

void build_log_table(const SumFunctions& functions, std::size_t bits, std::uint64_t* words) {
  const Table table{bits};
  const std::size_t entries = (std::size_t{1} << bits) + 1;
  Walk walk{functions, small_multiple(0), 1, {}};
  for (std::size_t first = 0; first < entries; first += walk_steps * functions.lanes) {
    walk.go(walk_steps);
    for (std::size_t i = 0; i < walk_steps * functions.lanes; i++) {
      const std::size_t entry = first + i / functions.lanes + (i % functions.lanes) * walk_steps;
      if (entry >= entries) continue;
      const std::uint64_t key = walk.keys[i];
      std::size_t place = table.place(key);
      while (words[place] != 0) place = table.after(place);
      words[place] = (key & ~index_mask) | (entry + 1);
    }
  }
}

LogResult find_log(const SumFunctions& functions, std::size_t bits, const std::uint64_t* words,
                   const std::uint8_t* element, std::int64_t low, std::int64_t high, std::int64_t* value) {
  Extended<Fe> points[1];
  Mask is_valid[1];
  decode(element, points, is_valid);
  if (is_valid[0].bits() == 0) return LogResult::malformed;
  const Table table{bits};
  // Giant steps of twice the table: a point at i steps from the bottom is found when it is within the table of it, on
  // either side.
  const std::int64_t reach = std::int64_t{1} << bits, stride = 2 * reach;
  const std::size_t giants = static_cast<std::size_t>((high - low) / stride) + 1;
  // Few steps are not worth as many lanes' walks as many are.
  const std::size_t needed = (giants + functions.lanes - 1) / functions.lanes;
  const std::size_t count = needed < walk_steps ? needed : walk_steps;
  Walk walk{functions, added(points[0], Cached<Fe>(small_multiple(-(low + reach)))).extended(), -stride, {}};
  for (std::size_t first = 0; first < giants; first += count * functions.lanes) {
    walk.go(count);
    for (std::size_t i = 0; i < count * functions.lanes; i++) {
      const std::uint64_t key = walk.keys[i];
      for (std::size_t place = table.place(key); words[place] != 0; place = table.after(place)) {
        if ((words[place] ^ key) & ~index_mask) continue;
        const std::size_t giant = first + i / functions.lanes + (i % functions.lanes) * count;
        const std::int64_t middle = low + reach + static_cast<std::int64_t>(giant) * stride;
        const std::int64_t offset = static_cast<std::int64_t>(words[place] & index_mask) - 1;
        for (const std::int64_t found : {middle - offset, middle + offset}) {
          if (found < low || found > high || !is_multiple(element, found)) continue;
          *value = found;
          return LogResult::found;
        }
      }
    }
  }
  return LogResult::none;
}

}  // namespace causeway
