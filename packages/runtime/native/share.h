// How a recurrent loop is divided among threads.
#pragma once

#include <functional>

#include "kernels.h"

class Share {
 public:
  explicit Share(const Sequence& sequence);

  // Groups of rows, each computed by one or more threads.
  long groups() const { return groups_; }

  // Calls `pack(first_block, end_block)` for ranges of the blocks, then `loop` for each part.
  void run(const std::function<void(long, long)>& pack,
           const std::function<void(const Part&)>& loop) const;

 private:
  long batch_, blocks_, groups_, members_;
};

// Memory for packed weights, aligned for vectors of any size.
class Scratch {
 public:
  explicit Scratch(long floats);
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  float* data() const { return data_; }

 private:
  float* data_;
};
