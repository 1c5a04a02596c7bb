/** Every job comes back exactly once, done or abandoned, whenever the pool is stopped. */
#include "pool/pool.h"

#include <atomic>
#include <memory>

#include "check.h"

namespace {

using causeway::Job;
using causeway::Outcome;
using causeway::Pool;

struct Tally {
  std::atomic<int> done{0}, abandoned{0}, ended{0};
};

void finished(void* tally, Job* job, Outcome outcome);
void ended(void* tally) { static_cast<Tally*>(tally)->ended++; }

class Counting : public Job {
 public:
  explicit Counting(std::size_t pieces) : pieces_(pieces), runs_(std::make_unique<std::atomic<int>[]>(pieces + 1)) {}
  std::size_t piece_count() const override { return pieces_; }
  void run(std::size_t piece) override { runs_[piece]++; }
  int runs_of(std::size_t piece) const { return runs_[piece]; }

 private:
  const std::size_t pieces_;
  const std::unique_ptr<std::atomic<int>[]> runs_;
};

void finished(void* context, Job* job, Outcome outcome) {
  Counting* const counting = static_cast<Counting*>(job);
  for (std::size_t i = 0; i < counting->piece_count(); i++) {
    CHECK(counting->runs_of(i) == 1 || (outcome == Outcome::abandoned && counting->runs_of(i) == 0));
  }
  Tally* const tally = static_cast<Tally*>(context);
  (outcome == Outcome::done ? tally->done : tally->abandoned)++;
  delete counting;
}

void run(std::size_t threads, int jobs, std::size_t pieces) {
  Tally tally;
  {
    Pool pool(&tally, finished, ended);
    CHECK(pool.start(threads) == threads);
    for (int i = 0; i < jobs; i++) pool.submit(new Counting(pieces));
    pool.stop();
    pool.submit(new Counting(1));
    pool.join();
  }
  CHECK(tally.done + tally.abandoned == jobs + 1);
  CHECK(tally.abandoned >= 1);
  CHECK(tally.ended == 1);
}

void all_done(std::size_t threads, int jobs, std::size_t pieces) {
  Tally tally;
  Pool pool(&tally, finished, ended);
  CHECK(pool.start(threads) == threads);
  for (int i = 0; i < jobs; i++) pool.submit(new Counting(pieces));
  while (tally.done < jobs) sched_yield();
  CHECK(tally.abandoned == 0);
}

}  // namespace

int main() {
  for (std::size_t threads = 1; threads <= 3; threads++) {
    for (std::size_t pieces : {0, 1, 2, 7}) {
      all_done(threads, 20, pieces);
      for (int round = 0; round < 50; round++) run(threads, 20, pieces);
    }
  }
  return 0;
}
