// What the operations of all recurrent cells share: inputs and outputs by number and name.
#pragma once

#include <algorithm>
#include <string>

#include "kernels.h"
#include "operation.h"
#include "share.h"

// The weights applied to the state: the last rows of the kernel, which may begin with those applied
// to the input, [input size + units, gates units].
inline const float* recurrent_part(const Operation::Input& kernel, int64_t units, int64_t gates) {
  const int64_t rows = std::max(kernel.dim(0), units);
  return kernel.data<float>({rows, gates * units}) + (rows - units) * gates * units;
}

// [batch], each between 0 and `steps`; null if the tensor is empty.
inline const int32_t* lengths_in(const Operation::Input& input, int64_t batch, int64_t steps) {
  if (input.size() == 0) return nullptr;
  const int32_t* lengths = input.data<int32_t>({batch});
  for (int64_t row = 0; row < batch; row++) {
    if (lengths[row] < 0 || lengths[row] > steps) {
      throw std::invalid_argument("length " + std::to_string(lengths[row]) + " of sequence " +
                                  std::to_string(row) + " of " + std::to_string(steps) + " steps");
    }
  }
  return lengths;
}

// An optional input: null if the tensor is empty.
inline const float* optional_in(const Operation::Input& input, const Shape& shape) {
  return input.size() == 0 ? nullptr : input.data<float>(shape);
}

// Inputs 0 to 4 of a forward operation, its outputs 0 and 1.
#define ATTEND_FORWARD_INPUTS "sums: float", "kernel: float", "bias: float", "h: float", "lengths: int32"
#define ATTEND_FORWARD_OUTPUTS "hidden: float", "h_last: float"

// Inputs 0 to 5 of a backward operation, its outputs 0 to 2.
#define ATTEND_BACKWARD_INPUTS \
  "kernel: float", "h: float", "hidden: float", "lengths: int32", "d_hidden: float", "d_h: float"
#define ATTEND_BACKWARD_OUTPUTS "d_sums: float", "dh: float", "d_rest: float"

// Runs a forward operation: `complete` fills in the cell's own fields, `loop` is its kernel.
template <typename Data, typename Complete>
void call_forward(Operation& call, int64_t gates, void (*loop)(const Data&, const Part&),
                  const Complete& complete) {
  const auto sums = call.input(0, "sums"), kernel = call.input(1, "kernel");
  const auto bias = call.input(2, "bias"), h = call.input(3, "h"), lengths = call.input(4, "lengths");
  const int64_t batch = sums.dim(0), steps = sums.dim(1), units = h.dim(1);
  Data o{};
  o.batch = batch, o.steps = steps, o.units = units, o.gates = gates;
  o.sums = sums.data<float>({batch, steps, gates * units});
  o.recurrent = recurrent_part(kernel, units, gates);
  o.bias = bias.data<float>({gates * units});
  o.h0 = h.data<float>({batch, units});
  o.lengths = lengths_in(lengths, batch, steps);
  o.hidden = call.output(0, {batch, steps, units});
  o.h_last = call.output(1, {batch, units});
  const Scratch packed(packed_floats(units, gates));
  o.packed = packed.data();
  const Share share(o);
  complete(o, [&] {
    share.run([&](long from, long to) { kernels().pack_forward(o, from, to); },
              [&](const Part& part) { loop(o, part); });
  });
}

// Like call_forward; `rest` is the number of floats per unit in `d_rest`.
template <typename Data, typename Complete>
void call_backward(Operation& call, int64_t gates, int64_t rest, void (*loop)(const Data&, const Part&),
                   const Complete& complete) {
  const auto kernel = call.input(0, "kernel"), h = call.input(1, "h");
  const auto hidden = call.input(2, "hidden"), lengths = call.input(3, "lengths");
  const auto d_hidden = call.input(4, "d_hidden"), d_h = call.input(5, "d_h");
  const int64_t batch = hidden.dim(0), steps = hidden.dim(1), units = hidden.dim(2);
  Data o{};
  o.batch = batch, o.steps = steps, o.units = units, o.gates = gates;
  const Share share(o);
  o.recurrent = recurrent_part(kernel, units, gates);
  o.h0 = h.data<float>({batch, units});
  o.hidden = hidden.data<float>({batch, steps, units});
  o.lengths = lengths_in(lengths, batch, steps);
  o.d_hidden = d_hidden.data<float>({batch, steps, units});
  o.d_product = o.d_sums = call.output(0, {batch, steps, gates * units});
  o.dh = call.output(1, {batch, units});
  std::copy_n(d_h.data<float>({batch, units}), batch * units, o.dh);
  o.d_rest = call.output(2, {share.groups(), rest, units});
  std::fill_n(o.d_rest, share.groups() * rest * units, 0.0f);
  const Scratch packed(packed_floats(units, gates));
  o.packed = packed.data();
  complete(o, [&] {
    share.run([&](long from, long to) { kernels().pack_backward(o, from, to); },
              [&](const Part& part) { loop(o, part); });
  });
}
