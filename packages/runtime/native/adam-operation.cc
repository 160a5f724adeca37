// The operation AttendAdam: one step over many parameters at once, whose moments are concatenated
// in one tensor each. All results are new tensors, since the old ones may still be referenced.
#include <algorithm>
#include <string>
#include <vector>

#include "kernels.h"
#include "operation.h"
#include "operations.h"
#include "pool.h"

namespace {

// Elements per task: enough to amortize its overhead, few enough to balance the load.
constexpr long task_size = 1 << 16;

struct Task {
  const AdamParameter* parameter;
  long begin, end;
};

// Copies the moments of parameters that are not updated.
void keep_moments(const float* from, float* to, int64_t begin, int64_t end) {
  std::copy(from + begin, from + end, to + begin);
}

void compute(void*, TF_OpKernelContext* context) {
  Operation::run(context, [](Operation& call) {
    const auto settings = call.input(0, "settings"), rates = call.input(1, "rates");
    const auto offsets = call.input(2, "offsets"), m = call.input(3, "m"), v = call.input(4, "v");
    const float* numbers = settings.data<float>({3});
    const AdamSettings shared = {numbers[0], numbers[1], numbers[2]};
    const int64_t count = rates.dim(0), total = m.dim(0);
    const float* each = rates.data<float>({count, 3});
    const int32_t* starts = offsets.data<int32_t>({count});
    const float* old_m = m.data<float>({total});
    const float* old_v = v.data<float>({total});
    float* new_m = call.output(0, {total});
    float* new_v = call.output(1, {total});
    std::vector<Operation::Input> held;  // Must outlive the tasks.
    std::vector<AdamParameter> parameters;
    int64_t done = 0;
    for (int i = 0; i < count; i++) {
      auto weights = call.input(5 + i, "weights");
      auto gradient = call.input(static_cast<int>(5 + count) + i, "gradient");
      const auto shape = weights.shape();
      const int64_t size = weights.size(), start = starts[i];
      if (start < done || size > total - start) {
        throw std::invalid_argument("the moments of parameter " + std::to_string(i) + " would be " +
                                    std::to_string(start) + " to " + std::to_string(start + size) +
                                    " of " + std::to_string(total));
      }
      keep_moments(old_m, new_m, done, start);
      keep_moments(old_v, new_v, done, start);
      done = start + size;
      parameters.push_back({weights.data<float>(shape), gradient.data<float>(shape), old_m + start,
                        old_v + start, call.output(2 + i, shape), new_m + start, new_v + start, size,
                        each[3 * i], each[3 * i + 1], each[3 * i + 2]});
      held.push_back(std::move(weights));
      held.push_back(std::move(gradient));
    }
    keep_moments(old_m, new_m, done, total);
    keep_moments(old_v, new_v, done, total);
    std::vector<Task> tasks;
    for (const AdamParameter& parameter : parameters) {
      for (long begin = 0; begin < parameter.size; begin += task_size) {
        tasks.push_back({&parameter, begin, std::min(begin + task_size, parameter.size)});
      }
    }
    const auto run = [&](int i) {
      const Task& task = tasks[static_cast<size_t>(i)];
      kernels().adam_step(*task.parameter, shared, task.begin, task.end);
    };
    const int all = static_cast<int>(tasks.size());
    if (done > task_size) parallel(all, run);
    else for (int i = 0; i < all; i++) run(i);
  });
}

}  // namespace

void register_adam() {
  register_operation("AttendAdam",
                     {"settings: float", "rates: float", "offsets: int32", "m: float", "v: float",
                      "weights: N * float", "gradients: N * float"},
                     {"new_m: float", "new_v: float", "new_weights: N * float"}, compute,
                     {"N: int >= 1"});
}
