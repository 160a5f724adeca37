// Threads for the recurrent loops. Their rows are shared out once for a whole sequence; TensorFlow's
// own pool, which shares out single operations, is not reachable through its C interface.
#pragma once

#include <algorithm>
#include <functional>

// Threads that one operation may use: TF_NUM_INTRAOP_THREADS, else the processors of this process.
int pool_threads();

// Calls `task(0)` to `task(count - 1)` on the pool and on the calling thread, and returns when all are
// done. Up to `pool_threads()` tasks may wait for one another; calls from several threads take turns.
void parallel(int count, const std::function<void(int)>& task);

// Calls `body(first, end)` for parts of the rows, on as many threads as `work` in all is worth.
template <typename Body>
void share_rows(long rows, long work, const Body& body) {
  constexpr long worth_a_thread = 1 << 14;
  const long most = std::min<long>(rows, pool_threads());
  const long parts = std::clamp(work / worth_a_thread, 1L, std::max(most, 1L));
  parallel(static_cast<int>(parts),
           [&](long i) { body(rows * i / parts, rows * (i + 1) / parts); });
}
