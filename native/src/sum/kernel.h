/** Arithmetic on ciphertexts over rows of bytes, as each class of processors does it. The results are the same in all.
 */
#pragma once

#include "group/kernel.h"
#include "sum/fixed-base.h"
#include "sum/point-rows.h"

namespace causeway {

inline constexpr std::size_t ciphertext_bytes = 2 * element_bytes;

/** A decoded element, ready to be added: Y + X, Y − X and 2D·T with Z = 1, five limbs of 51 bits each. A line of memory
 * or two. */
struct alignas(64) AddendRow {
  std::uint64_t limb[3][5];
  std::uint64_t padding;
};

/** Both halves of a ciphertext. */
struct AddendPair {
  AddendRow half[2];
};

/** A row's part of a test: the sum's two halves less what is tested, and the scalars ρ and r. */
struct TestRows {
  const PointRow* first;
  const PointRow* second;
  const std::uint8_t* rho;
  const std::uint8_t* r;
};

/** Which pairs are in which bucket, and with which sign. */
struct BucketOrder {
  /** Buckets 0 to 8: what is in bucket 0 adds nothing, and costs the same. */
  static constexpr std::size_t bucket_count = 9;
  static constexpr std::uint32_t negative = std::uint32_t{1} << 31;

  /** Numbers of pairs, `negative` set where the pair is taken off: bucket after bucket, the last one first. */
  const std::uint32_t* pairs;
  /** Where each bucket ends among them. */
  std::size_t ends[bucket_count];
};

struct SumFunctions {
  /** (rG, rX + bG). @param scalars r of each, 32 bytes; secret. @param bits one byte each; secret. @param out 64 bytes
   * each. */
  void (*encrypt)(const FixedBase& key, const std::uint8_t* scalars, const std::uint8_t* bits, std::size_t count,
                  std::uint8_t* out);
  /** Decodes elements of 32 bytes. @returns the first that is none, or the identity. */
  Fault (*decode)(const std::uint8_t* elements, std::size_t count, AddendRow* out);
  /** Σ bucket · (Σ ± pairs of the bucket): the lanes' sums are to be added up. @param out `lanes` firsts, then as many
   * seconds. */
  void (*weigh)(const AddendPair* pairs, const BucketOrder& order, PointRow* out);
  /** (ρ·first + rG, ρ·second + rX). @param out 64 bytes each. */
  void (*blind)(const FixedBase& key, const TestRows& rows, std::size_t count, std::uint8_t* out);
  /**
   * Walks from `lanes` points at a time, each by its own steps of `step`, and gives a key of each point on the way: the
   * first 8 bytes of (x·y)², which is the same for all points of an element and of its negative, and for no other.
   * @param starts `lanes` of them. @param keys `count` for each lane, side by side: step by step.
   */
  void (*walk)(const PointRow* starts, const PointRow& step, std::size_t count, std::uint64_t* keys);
  /** Points that are walked from side by side. */
  std::size_t lanes;
};

/** @param cpu_class one that `is_available`. */
const SumFunctions& sum_functions(CpuClass cpu_class);

}  // namespace causeway
