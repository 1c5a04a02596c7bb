/**
 * Arithmetic in ristretto255 over rows of bytes, as each class of processors does it. The results are the same in all;
 * how many rows there are, and which is malformed, shows in the time, and nothing else: not a scalar, not a point.
 */
#pragma once

#include <cstddef>
#include <cstdint>

#include "cpu/cpu-class.h"
#include "group/scalar.h"
#include "hash/row-message.h"

namespace causeway {

inline constexpr std::size_t element_bytes = 32;
inline constexpr std::size_t uniform_bytes = 64;

/** The first row of a batch that is no element, if there is one. The rows of the result mean nothing then. */
struct Fault {
  enum Kind : std::uint8_t {
    none,
    /** Not the encoding of an element (RFC 9496 §4.3.1). */
    malformed,
    /** The identity, as input or as result. */
    identity,
  };
  Kind kind = none;
  std::size_t row = 0;
};

/** Each function takes any number of rows, from 0; it is fastest with multiples of `batch_rows`. */
struct GroupKernel {
  std::size_t batch_rows;
  /** scalar · pointᵢ. @param points encodings of 32 bytes; peer-controlled. @param out room for as many. */
  Fault (*multiply)(const ScalarDigits& scalar, const std::uint8_t* points, std::size_t row_count, std::uint8_t* out);
  /** scalar · the element of 64 uniform bytes each (RFC 9496 §4.3.4). @param out 32 bytes for each row. */
  Fault (*multiply_mapped)(const ScalarDigits& scalar, const std::uint8_t* uniform, std::size_t row_count,
                           std::uint8_t* out);
  /**
   * Σ weightᵢ·pointᵢ over one or two lists of points, of which everything is public: it may show in the time.
   * @param lists encodings of 32 bytes; peer-controlled. @param list_count 1 or 2. @param sums 32 bytes for each list;
   * the identity is 32 zeros. @returns the fault of the earliest row, and of the first list that has one there.
   */
  Fault (*weighted_sums)(const PublicDigits* weights, const std::uint8_t* const* lists, std::size_t list_count,
                         std::size_t row_count, std::uint8_t* sums);
  /** SHA-512 of the message of each row. @param digests 64 bytes for each. */
  void (*sha512)(const RowMessage<8>& message, const std::uint8_t* rows, std::size_t row_count, std::uint8_t* digests);
  /** SHA-256 of the message of each row. @param digests 32 bytes for each. */
  void (*sha256)(const RowMessage<4>& message, const std::uint8_t* rows, std::size_t row_count, std::uint8_t* digests);
};

/** @param cpu_class one that `is_available`. */
const GroupKernel& group_kernel(CpuClass cpu_class);

}  // namespace causeway
