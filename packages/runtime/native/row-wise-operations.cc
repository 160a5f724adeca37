// The operations AttendLayerNorm and AttendCrossEntropy, with their gradients, and AttendDropout,
// which is its own gradient.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "kernels.h"
#include "operation.h"
#include "operations.h"
#include "pool.h"
#include "share.h"

void normalize_all(const LayerNorm& o, long rows) {
  share_rows(rows, 4 * rows * o.size, [&](long first, long end) { kernels().normalize_rows(o, first, end); });
}

namespace {

template <const char* name>
void* create_number(TF_OpKernelConstruction* construction) {
  return new float(float_attribute(construction, name));
}

void destroy_number(void* number) { delete static_cast<float*>(number); }

float number(void* state) { return *static_cast<float*>(state); }

void normalize(void* epsilon, TF_OpKernelContext* context) {
  Operation::run(context, [&](Operation& call) {
    const auto x = call.input(0, "x"), scale = call.input(1, "scale"), offset = call.input(2, "offset");
    LayerNorm o{};
    o.size = x.row_size(), o.epsilon = number(epsilon);
    const long rows = x.size() / o.size;
    const Shape shape = x.shape();
    o.x = x.data<float>(shape);
    o.scale = scale.data<float>({o.size}), o.offset = offset.data<float>({o.size});
    o.y = call.output(0, shape), o.moments = call.output(1, {rows, 2});
    normalize_all(o, rows);
  });
}

void normalize_backward(void*, TF_OpKernelContext* context) {
  Operation::run(context, [](Operation& call) {
    const auto x = call.input(0, "x"), scale = call.input(1, "scale");
    const auto moments = call.input(2, "moments"), dy = call.input(3, "dy");
    LayerNormBackward o{};
    o.size = x.row_size();
    const long rows = x.size() / o.size;
    const Shape shape = x.shape();
    o.x = x.data<float>(shape), o.dy = dy.data<float>(shape);
    o.scale = scale.data<float>({o.size}), o.moments = moments.data<float>({rows, 2});
    o.dx = call.output(0, shape);
    float* const d_scale = call.output(1, {o.size});
    float* const d_offset = call.output(2, {o.size});
    // Each range of rows has its own sums, which are added in order.
    const long parts = std::clamp(rows * o.size >> 12, 1L, static_cast<long>(pool_threads()));
    std::vector<float> sums(static_cast<size_t>(parts * 2 * o.size), 0.0f);
    parallel(static_cast<int>(parts), [&](long part) {
      float* const own = sums.data() + part * 2 * o.size;
      kernels().normalize_rows_backward(o, rows * part / parts, rows * (part + 1) / parts, own,
                                        own + o.size);
    });
    std::fill_n(d_scale, o.size, 0.0f);
    std::fill_n(d_offset, o.size, 0.0f);
    for (long part = 0; part < parts; part++) {
      const float* const own = sums.data() + part * 2 * o.size;
      for (long i = 0; i < o.size; i++) d_scale[i] += own[i], d_offset[i] += own[o.size + i];
    }
  });
}

// The inputs that both cross-entropy operations share; they live as long as this object.
struct Targets {
  Operation::Input logits, targets;

  explicit Targets(Operation& call) : logits(call.input(0, "logits")), targets(call.input(1, "targets")) {}

  long describe(void* smoothing, CrossEntropy& o) const {
    const long rows = logits.dim(0);
    o.classes = logits.dim(1), o.smoothing = number(smoothing);
    o.logits = logits.data<float>({rows, o.classes});
    o.targets = targets.data<int32_t>({rows});
    for (long row = 0; row < rows; row++) {
      if (o.targets[row] < 0 || o.targets[row] >= o.classes) {
        throw std::invalid_argument("target " + std::to_string(o.targets[row]) + " of " +
                                    std::to_string(o.classes) + " classes");
      }
    }
    return rows;
  }
};

void cross_entropy(void* smoothing, TF_OpKernelContext* context) {
  Operation::run(context, [&](Operation& call) {
    const Targets inputs(call);
    CrossEntropy o{};
    const long rows = inputs.describe(smoothing, o);
    o.loss = call.output(0, {rows}), o.logarithms = call.output(1, {rows});
    share_rows(rows, 8 * rows * o.classes,
               [&](long first, long end) { kernels().cross_entropy_rows(o, first, end); });
  });
}

void cross_entropy_backward(void* smoothing, TF_OpKernelContext* context) {
  Operation::run(context, [&](Operation& call) {
    const Targets inputs(call);
    const auto logarithms = call.input(2, "logarithms"), d_loss = call.input(3, "d_loss");
    CrossEntropy o{};
    const long rows = inputs.describe(smoothing, o);
    // The forward operation writes this; the backward operation only reads it.
    o.logarithms = const_cast<float*>(logarithms.data<float>({rows}));
    o.d_loss = d_loss.data<float>({rows});
    o.d_logits = call.output(0, {rows, o.classes});
    share_rows(rows, 8 * rows * o.classes,
               [&](long first, long end) { kernels().cross_entropy_rows_backward(o, first, end); });
  });
}

void drop(void* rate, TF_OpKernelContext* context) {
  Operation::run(context, [&](Operation& call) {
    const auto x = call.input(0, "x"), seeds = call.input(1, "seeds");
    Dropout o{};
    const long size = x.size();
    const int32_t* const seed = seeds.data<int32_t>({2});
    o.seeds[0] = static_cast<uint32_t>(seed[0]), o.seeds[1] = static_cast<uint32_t>(seed[1]);
    o.threshold = static_cast<uint32_t>(std::ldexp(static_cast<double>(number(rate)), 32));
    o.scale = 1 / (1 - number(rate));
    o.x = x.data<float>(x.shape()), o.y = call.output(0, x.shape());
    share_rows(size, 2 * size,
               [&](long first, long end) { kernels().drop_elements(o, first, end); });
  });
}

constexpr char epsilon_name[] = "epsilon", smoothing_name[] = "smoothing", rate_name[] = "rate";

}  // namespace

void register_row_wise() {
  register_operation("AttendLayerNorm", {"x: float", "scale: float", "offset: float"},
                     {"y: float", "moments: float"}, normalize, {"epsilon: float"},
                     {create_number<epsilon_name>, destroy_number});
  register_operation("AttendLayerNormGrad", {"x: float", "scale: float", "moments: float", "dy: float"},
                     {"dx: float", "d_scale: float", "d_offset: float"}, normalize_backward);
  register_operation("AttendCrossEntropy", {"logits: float", "targets: int32"},
                     {"loss: float", "logarithms: float"}, cross_entropy, {"smoothing: float"},
                     {create_number<smoothing_name>, destroy_number});
  register_operation("AttendCrossEntropyGrad",
                     {"logits: float", "targets: int32", "logarithms: float", "d_loss: float"},
                     {"d_logits: float"}, cross_entropy_backward, {"smoothing: float"},
                     {create_number<smoothing_name>, destroy_number});
  register_operation("AttendDropout", {"x: float", "seeds: int32"}, {"y: float"}, drop, {"rate: float"},
                     {create_number<rate_name>, destroy_number});
}
