// Threads for the recurrent loops, which divide rows once per sequence. TensorFlow's own pool,
// which divides single operations, is not accessible through its C API.
#pragma once

#include <algorithm>
#include <functional>

// Threads that one operation may use: TF_NUM_INTRAOP_THREADS, otherwise all processors of this
// process.
int pool_threads();

// Calls `task(0)` to `task(count - 1)` on the pool and on the calling thread, and returns when all
// are done. Up to `pool_threads()` tasks may wait for one another; concurrent calls take turns.
void parallel(int count, const std::function<void(int)>& task);

// Calls `body(first, end)` for ranges of rows, on as many threads as the total `work` justifies.
template <typename Body>
void share_rows(long rows, long work, const Body& body) {
  constexpr long worth_a_thread = 1 << 14;
  const long most = std::min<long>(rows, pool_threads());
  const long parts = std::clamp(work / worth_a_thread, 1L, std::max(most, 1L));
  parallel(static_cast<int>(parts),
           [&](long i) { body(rows * i / parts, rows * (i + 1) / parts); });
}
