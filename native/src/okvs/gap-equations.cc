#include "okvs/gap-equations.h"

#include <utility>

namespace causeway::okvs {

namespace {

/** sum of coefficient[j] p[j] = value. */
struct Equation {
  Block coefficient[dense_count];
  Block value;

  Equation& operator+=(const Equation& other) {
    for (std::size_t j = 0; j < dense_count; j++) coefficient[j] ^= other.coefficient[j];
    value ^= other.value;
    return *this;
  }
};

constexpr Block zero{0, 0};

/** x^(2^128 - 2) = product of x^(2^i), i = 1..127. In GF(2^64), whose elements satisfy x^(2^64) = x, it is 1/x as well.
 */
Block inverse(const OkvsKernel& kernel, Block x) {
  Block square = kernel.multiply(x, x), result = square;
  for (int i = 2; i < 128; i++) {
    square = kernel.multiply(square, square);
    result = kernel.multiply(result, square);
  }
  return result;
}

Equation dense_part(const GapProblem& problem, std::size_t row) {
  const Block k = problem.dense[row], k2 = problem.kernel.multiply(k, k);
  return {{k, k2, problem.kernel.multiply(k, k2)}, problem.values[row]};
}

/**
 * A gap row without its pivot columns: it is added to, in order, each row whose pivot column it still has. What is left
 * of it in the sparse part are free columns, whose values are known.
 * @param has one byte for each sparse column, zero; zero again on return.
 */
Equation reduce(const GapProblem& problem, const Peeling& peeling, std::size_t gap, std::vector<std::uint8_t>& has) {
  Equation sum = dense_part(problem, gap);
  for (std::uint16_t c : problem.rows[gap].column) has[c] ^= 1;
  for (const Pivot& pivot : peeling.pivots()) {
    if (!has[pivot.column]) continue;
    for (std::uint16_t c : problem.rows[pivot.row].column) has[c] ^= 1;
    sum += dense_part(problem, pivot.row);
  }
  for (std::size_t c = 0; c < sparse_count; c++) {
    if (has[c]) sum.value ^= problem.store[c];
    has[c] = 0;
  }
  return sum;
}

}  // namespace

bool solve_gaps(const GapProblem& problem, const Peeling& peeling, Block* p) {
  std::vector<std::uint8_t> has(sparse_count);
  Equation equations[dense_count];
  std::size_t count = 0;
  for (std::uint16_t gap : peeling.gaps()) equations[count++] = reduce(problem, peeling, gap, has);

  // Gauss and Jordan. The dense columns that no equation is solved for keep their values, which then move to the right.
  bool is_solved_for[dense_count] = {};
  std::size_t column_of[dense_count] = {};
  for (std::size_t i = 0; i < count; i++) {
    std::size_t j = 0;
    while (j < dense_count && equations[i].coefficient[j] == zero) j++;
    if (j == dense_count) return false;
    const Block factor = inverse(problem.kernel, equations[i].coefficient[j]);
    for (Block& coefficient : equations[i].coefficient) coefficient = problem.kernel.multiply(coefficient, factor);
    equations[i].value = problem.kernel.multiply(equations[i].value, factor);
    for (std::size_t other = 0; other < count; other++) {
      if (other == i) continue;
      const Block times = equations[other].coefficient[j];
      for (std::size_t l = 0; l < dense_count; l++) {
        equations[other].coefficient[l] ^= problem.kernel.multiply(equations[i].coefficient[l], times);
      }
      equations[other].value ^= problem.kernel.multiply(equations[i].value, times);
    }
    is_solved_for[j] = true;
    column_of[i] = j;
  }
  for (std::size_t i = 0; i < count; i++) {
    Block value = equations[i].value;
    for (std::size_t l = 0; l < dense_count; l++) {
      if (!is_solved_for[l]) value ^= problem.kernel.multiply(equations[i].coefficient[l], p[l]);
    }
    p[column_of[i]] = value;
  }
  return true;
}

}  // namespace causeway::okvs
