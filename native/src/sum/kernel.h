/** Arithmetic on ciphertexts over rows of bytes, as each class of processors does it. The results are the same in all. */
#pragma once

#include "group/kernel.h"
#include "sum/fixed-base.h"
#include "sum/point-rows.h"

namespace causeway {

inline constexpr std::size_t ciphertext_bytes = 2 * element_bytes;

/** A decoded element, ready to be added: Y + X, Y − X and 2D·T, with Z = 1. */
struct AddendRow {
  std::uint8_t coordinate[3][32];
};

/** A row's part of a test: the sum's two halves less what is tested, and the scalars ρ and r. */
struct TestRows {
  const PointRow* first;
  const PointRow* second;
  const std::uint8_t* rho;
  const std::uint8_t* r;
};

struct SumFunctions {
  /** (rG, rX + bG). @param scalars r of each, 32 bytes; secret. @param bits one byte each; secret. @param out 64 bytes each. */
  void (*encrypt)(const FixedBase& key, const std::uint8_t* scalars, const std::uint8_t* bits, std::size_t count,
                  std::uint8_t* out);
  /** Decodes elements of 32 bytes. @returns the first that is none, or the identity. */
  Fault (*decode)(const std::uint8_t* elements, std::size_t count, AddendRow* out);
  /** (ρ·first + rG, ρ·second + rX). @param out 64 bytes each. */
  void (*blind)(const FixedBase& key, const TestRows& rows, std::size_t count, std::uint8_t* out);
  /**
   * Walks from `lanes` points at a time, each by its own steps of `step`, and gives a key of each point on the way: the first 8 bytes of
   * (x·y)², which is the same for all points of an element and of its negative, and for no other.
   * @param starts `lanes` of them. @param keys `count` for each lane, side by side: step by step.
   */
  void (*walk)(const PointRow* starts, const PointRow& step, std::size_t count, std::uint64_t* keys);
  /** Points that are walked from side by side. */
  std::size_t lanes;
};

/** @param cpu_class one that `is_available`. */
const SumFunctions& sum_functions(CpuClass cpu_class);

}  // namespace causeway
