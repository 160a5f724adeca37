// The operations AttendLstm and AttendLstmGrad.
#include <algorithm>

#include "kernels.h"
#include "operation.h"
#include "operations.h"
#include "share.h"

namespace {

// The lengths of a batch, each between 0 and `steps`; null where there are none.
const int32_t* lengths_in(const Operation::Input& input, int64_t batch, int64_t steps) {
  if (input.is_empty()) return nullptr;
  const int32_t* lengths = input.data<int32_t>({batch});
  for (int64_t row = 0; row < batch; row++) {
    if (lengths[row] < 0 || lengths[row] > steps) {
      throw std::invalid_argument("length " + std::to_string(lengths[row]) + " of a sequence of " +
                                  std::to_string(steps) + " steps");
    }
  }
  return lengths;
}

const float* peephole_in(const Operation::Input& input, int64_t units) {
  return input.is_empty() ? nullptr : input.data<float>({3, units});
}

// Where W_h begins in the kernel [input size + units, 4 units].
const float* recurrent_in(const Operation::Input& kernel, int64_t units) {
  const int64_t rows = kernel.dim(0);
  return kernel.data<float>({std::max(rows, units), 4 * units}) + (rows - units) * 4 * units;
}

void forward(void*, TF_OpKernelContext* context) {
  Operation::run(context, [](Operation& call) {
    const auto sums = call.input(0, "sums"), kernel = call.input(1, "kernel");
    const auto bias = call.input(2, "bias"), peephole = call.input(3, "peephole");
    const auto h = call.input(4, "h"), c = call.input(5, "c"), lengths = call.input(6, "lengths");
    const int64_t batch = sums.dim(0), steps = sums.dim(1), units = h.dim(1);
    const Share share(batch, units);
    LstmForward o{};
    o.batch = batch, o.steps = steps, o.units = units;
    o.sums = sums.data<float>({batch, steps, 4 * units});
    o.recurrent = recurrent_in(kernel, units);
    o.bias = bias.data<float>({4 * units});
    o.peephole = peephole_in(peephole, units);
    o.h0 = h.data<float>({batch, units});
    o.c0 = c.data<float>({batch, units});
    o.lengths = lengths_in(lengths, batch, steps);
    o.hidden = call.output(0, {batch, steps, units});
    o.h_last = call.output(1, {batch, units});
    o.c_last = call.output(2, {batch, units});
    o.cells = call.output(3, {batch, steps, units});
    o.gates = call.output(4, {batch, steps, 4 * units});
    const Scratch packed(packed_floats(units, 4));
    o.packed = packed.data();
    share.run([&](long from, long to) { kernels().pack_lstm_forward(o, from, to); },
              [&](const Part& part) { kernels().lstm_forward(o, part); });
  });
}

void backward(void*, TF_OpKernelContext* context) {
  Operation::run(context, [](Operation& call) {
    const auto gates = call.input(0, "gates"), cells = call.input(1, "cells");
    const auto kernel = call.input(2, "kernel"), peephole = call.input(3, "peephole");
    const auto c = call.input(4, "c"), lengths = call.input(5, "lengths");
    const auto d_hidden = call.input(6, "d_hidden");
    const auto d_h = call.input(7, "d_h"), d_c = call.input(8, "d_c");
    const int64_t batch = cells.dim(0), steps = cells.dim(1), units = cells.dim(2);
    const Share share(batch, units);
    LstmBackward o{};
    o.batch = batch, o.steps = steps, o.units = units;
    o.gates = gates.data<float>({batch, steps, 4 * units});
    o.cells = cells.data<float>({batch, steps, units});
    o.recurrent = recurrent_in(kernel, units);
    o.peephole = peephole_in(peephole, units);
    o.c0 = c.data<float>({batch, units});
    o.lengths = lengths_in(lengths, batch, steps);
    o.d_hidden = d_hidden.data<float>({batch, steps, units});
    o.d_gates = call.output(0, {batch, steps, 4 * units});
    o.dh = call.output(1, {batch, units});
    o.dc = call.output(2, {batch, units});
    o.d_weights = call.output(3, {share.groups(), 7, units});
    std::copy_n(d_h.data<float>({batch, units}), batch * units, o.dh);
    std::copy_n(d_c.data<float>({batch, units}), batch * units, o.dc);
    std::fill_n(o.d_weights, share.groups() * 7 * units, 0.0f);
    const Scratch packed(packed_floats(units, 4));
    o.packed = packed.data();
    share.run([&](long from, long to) { kernels().pack_lstm_backward(o, from, to); },
              [&](const Part& part) { kernels().lstm_backward(o, part); });
  });
}

}  // namespace

void register_lstm() {
  register_operation("AttendLstm",
                     {"sums: float", "kernel: float", "bias: float", "peephole: float", "h: float",
                      "c: float", "lengths: int32"},
                     {"hidden: float", "h_last: float", "c_last: float", "cells: float", "gates: float"},
                     forward);
  register_operation("AttendLstmGrad",
                     {"gates: float", "cells: float", "kernel: float", "peephole: float", "c: float",
                      "lengths: int32", "d_hidden: float", "d_h: float", "d_c: float"},
                     {"d_gates: float", "dh: float", "dc: float", "d_weights: float"}, backward);
}
