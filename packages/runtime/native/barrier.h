#pragma once

#include <atomic>

// Where all members of a team wait for one another, once a step: spins for some microseconds, then
// lets other threads run.
class Barrier {
 public:
  explicit Barrier(int members) : members_(members) {}
  void wait();

 private:
  const int members_;
  std::atomic<int> arrived_{0};
  std::atomic<int> round_{0};
};
