#pragma once

#include <atomic>

// All members of a team wait for one another here, once per step: spins for a few microseconds,
// then yields.
class Barrier {
 public:
  explicit Barrier(int members) : members_(members) {}
  void wait();

 private:
  const int members_;
  std::atomic<int> arrived_{0};
  std::atomic<int> round_{0};
};
