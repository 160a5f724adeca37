// Threads for the recurrent loops. Their rows are shared out once for a whole sequence; TensorFlow's
// own pool, which shares out single operations, is not reachable through its C interface.
#pragma once

#include <functional>

// Threads that one operation may use: TF_NUM_INTRAOP_THREADS, else the processors of this process.
int pool_threads();

// Calls `task(0)` to `task(count - 1)` on the pool and on the calling thread, and returns when all are
// done. Up to `pool_threads()` tasks may wait for one another; calls from several threads take turns.
void parallel(int count, const std::function<void(int)>& task);
