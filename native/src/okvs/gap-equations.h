/** The dense part of a store (RR22, section 2): what the gap rows ask of the three dense columns, and its solution. */
#pragma once
#include "okvs/peeling.h"

namespace causeway::okvs {

/** Values and dense keys of a bin's rows, and the store whose free columns have their values. */
struct GapProblem {
  const OkvsKernel& kernel;
  const Row* rows;
  const Block* values;
  const Block* dense;
  const Block* store;
};

/**
 * Solves for the dense columns.
 * @param p dense_count values: those that the equations leave open stay as they are.
 * @returns false where the equations contradict each other or leave a gap open: probability about 2^-128.
 */
bool solve_gaps(const GapProblem& problem, const Peeling& peeling, Block* p);

}  // namespace causeway::okvs
