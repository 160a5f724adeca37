// Threads for the recurrent loops. Their rows are shared out once for a whole sequence; TensorFlow's
// own pool, which shares out single operations, is not reachable through its C interface.
#pragma once

#include <atomic>
#include <functional>

// Where all members of a team wait for one another, once a step: spins for some microseconds, then
// lets others run.
class Barrier {
 public:
  explicit Barrier(int members) : members_(members) {}
  void wait();

 private:
  const int members_;
  std::atomic<int> arrived_{0};
  std::atomic<int> round_{0};
};

// Threads that one operation may use: TF_NUM_INTRAOP_THREADS, else the processors of this process.
int pool_threads();

// Calls `task(0)` to `task(count - 1)` on the pool and on the calling thread, and returns when all are
// done. Up to `pool_threads()` tasks may wait for one another; calls from several threads take turns.
void parallel(int count, const std::function<void(int)>& task);
