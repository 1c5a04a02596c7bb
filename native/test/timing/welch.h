/**
 * Whether a function's time depends on a secret: dudect (Reparaz, Balasch, Verbauwhede, "Dude, is my code constant
 * time?", DATE 2017). Measurements with the secret zero and with random secrets come in random order, so that what else
 * the machine does falls on both alike; Welch's t tells whether their means differ.
 */
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>
#if defined(__x86_64__)
#include <x86intrin.h>
#else
#include <ctime>
#endif

#include "../blocks.h"

/** Blocks of secret that a measured function gets. */
constexpr std::size_t secret_blocks = 32;

/** |t| from which a difference is no accident: the paper's. */
constexpr double t_leak = 10;

inline std::uint64_t ticks() {
#if defined(__x86_64__)
  unsigned processor;
  return __rdtscp(&processor);
#else
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1000000000 + static_cast<std::uint64_t>(now.tv_nsec);
#endif
}

struct Measurement {
  double ticks;
  bool is_random;
};

/** Of the measurements up to `limit`; 0 where there are too few. */
inline double welch_t(const std::vector<Measurement>& measurements, double limit) {
  double count[2] = {}, mean[2] = {}, squares[2] = {};
  for (const Measurement& each : measurements) {
    if (each.ticks > limit) continue;
    const double from_mean = each.ticks - mean[each.is_random];
    count[each.is_random] += 1;
    mean[each.is_random] += from_mean / count[each.is_random];
    squares[each.is_random] += from_mean * (each.ticks - mean[each.is_random]);
  }
  if (count[0] < 1000 || count[1] < 1000) return 0;
  const double variance = squares[0] / (count[0] - 1) / count[0] + squares[1] / (count[1] - 1) / count[1];
  return variance == 0 ? 0 : (mean[0] - mean[1]) / std::sqrt(variance);
}

/** @returns the largest |t| over several limits, which cut off interrupts and the like. @param run takes
 * `secret_blocks`. */
template <class Run>
double largest_t(std::size_t count, Run run) {
  constexpr std::size_t prepared = 256;
  TestRandom random(count);
  std::vector<Measurement> measurements;
  Blocks secrets(prepared * secret_blocks);
  while (measurements.size() < count) {
    bool is_random[prepared];
    for (std::size_t i = 0; i < prepared; i++) {
      is_random[i] = random.word() & 1;
      for (std::size_t k = 0; k < secret_blocks; k++) {
        const causeway::Block drawn = random.block();
        secrets[i * secret_blocks + k] = drawn & causeway::mask_of(is_random[i]);
      }
    }
    for (std::size_t i = 0; i < prepared; i++) {
      const std::uint64_t begun = ticks();
      run(secrets.data() + i * secret_blocks);
      const std::uint64_t ended = ticks();
      measurements.push_back({static_cast<double>(ended - begun), is_random[i]});
    }
  }
  measurements.erase(measurements.begin(), measurements.begin() + prepared);
  std::vector<double> sorted;
  for (const Measurement& each : measurements) sorted.push_back(each.ticks);
  std::sort(sorted.begin(), sorted.end());
  double largest = 0;
  for (double share : {0.5, 0.75, 0.9, 0.99, 0.999, 1.0}) {
    const double limit = sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
    largest = std::max(largest, std::abs(welch_t(measurements, limit)));
  }
  return largest;
}
