// The LSTM's loop over the steps (Hochreiter & Schmidhuber 1997; forget gate: Gers et al. 2000;
// peepholes p: Gers & Schmidhuber 2000). Part of kernels.cc. With sums = x W_x + h_{t-1} W_h + b:
//
//   i = sigmoid(sums_i + p_i c_{t-1})     g = tanh(sums_g)     f = sigmoid(sums_f + p_f c_{t-1})
//   c_t = f c_{t-1} + i g     o = sigmoid(sums_o + p_o c_t)     h_t = o tanh(c_t)
#pragma once

#include "kernels.h"
#include "pack.h"
#include "product.h"

namespace {

// A row at a step behind its length keeps its state.
INLINE bool is_live(const int32_t* lengths, long row, long t) {
  return lengths == nullptr || t < lengths[row];
}

INLINE bool any_live(const int32_t* lengths, long first, long rows, long t) {
  for (long row = first; row < first + rows; row++) {
    if (is_live(lengths, row, t)) return true;
  }
  return false;
}

// One vector of units of some rows at step t: first = the row, unit = the first unit.
template <int rows>
INLINE void lstm_forward_tile(const LstmForward& o, long first, long unit, long t) {
  const long units = o.units, count = units - unit;
  const bool start = t == 0;
  const float* before = start ? o.h0 + first * units : o.hidden + (first * o.steps + t - 1) * units;
  const long stride = start ? units : o.steps * units;
  Vec sums[rows][4];
  multiply<rows, 4>(before, stride, o.packed + unit * 4 * units, units, sums);
  Vec bias[4], peephole[3]{};
  for (int g = 0; g < 4; g++) bias[g] = load(o.bias + g * units + unit, count);
  for (int g = 0; o.peephole != nullptr && g < 3; g++) {
    peephole[g] = load(o.peephole + g * units + unit, count);
  }
  for (int r = 0; r < rows; r++) {
    const long at = (first + r) * o.steps + t;
    const float* own = o.sums + at * 4 * units + unit;
    const Vec c_before = load(start ? o.c0 + (first + r) * units + unit : o.cells + (at - 1) * units + unit, count);
    float* cell = o.cells + at * units + unit;
    float* hidden = o.hidden + at * units + unit;
    if (!is_live(o.lengths, first + r, t)) {
      store(cell, c_before, count);
      store(hidden, Vec{}, count);
      continue;
    }
    Vec a[4];
    for (int g = 0; g < 4; g++) a[g] = sums[r][g] + load(own + g * units, count) + bias[g];
    const Vec i = sigmoid(a[0] + peephole[0] * c_before);
    const Vec g = tanh(a[1]);
    const Vec f = sigmoid(a[2] + peephole[1] * c_before);
    const Vec c = f * c_before + i * g;
    const Vec output = sigmoid(a[3] + peephole[2] * c);
    float* gates = o.gates + at * 4 * units + unit;
    store(gates, i, count);
    store(gates + units, g, count);
    store(gates + 2 * units, f, count);
    store(gates + 3 * units, output, count);
    store(cell, c, count);
    store(hidden, output * tanh(c), count);
  }
}

void lstm_forward(const LstmForward& o, const Part& part) {
  const long end = part.end_block * block < o.units ? part.end_block * block : o.units;
  for (long t = 0; t < o.steps; t++) {
    for (long unit = part.first_block * block; unit < end; unit += lanes) {
      for_tiles(part.first_row, part.end_row, [&](auto rows, long first) {
        lstm_forward_tile<rows.count>(o, first, unit, t);
      });
    }
    if (part.barrier != nullptr) part.barrier->wait();
  }
  for (long row = part.first_row; row < part.end_row; row++) {
    const long last = o.lengths == nullptr ? o.steps : o.lengths[row];
    for (long unit = part.first_block * block; unit < end; unit += lanes) {
      const long count = o.units - unit, to = row * o.units + unit;
      const long from = (row * o.steps + last - 1) * o.units + unit;
      store(o.h_last + to, load(last == 0 ? o.h0 + to : o.hidden + from, count), count);
      store(o.c_last + to, load(last == 0 ? o.c0 + to : o.cells + from, count), count);
    }
  }
}

// The gates' gradients at step t from dh and dc, and dc of the step before.
INLINE void lstm_gate_gradients(const LstmBackward& o, const Part& part, long unit, long t) {
  const long units = o.units, count = units - unit;
  Vec peephole[3]{}, d_bias[4]{}, d_peephole[3]{};
  for (int g = 0; o.peephole != nullptr && g < 3; g++) {
    peephole[g] = load(o.peephole + g * units + unit, count);
  }
  for (long row = part.first_row; row < part.end_row; row++) {
    const long at = row * o.steps + t;
    float* d_gates = o.d_gates + at * 4 * units + unit;
    if (!is_live(o.lengths, row, t)) {
      for (int g = 0; g < 4; g++) store(d_gates + g * units, Vec{}, count);
      continue;
    }
    const float* gates = o.gates + at * 4 * units + unit;
    const Vec i = load(gates, count), g = load(gates + units, count);
    const Vec f = load(gates + 2 * units, count), output = load(gates + 3 * units, count);
    const Vec c = load(o.cells + at * units + unit, count), tanh_c = tanh(c);
    const Vec c_before = load(t == 0 ? o.c0 + row * units + unit : o.cells + (at - 1) * units + unit, count);
    float* const to_dc = o.dc + row * units + unit;
    const Vec dh = load(o.dh + row * units + unit, count) + load(o.d_hidden + at * units + unit, count);
    const Vec d_output = dh * tanh_c * output * (1.0f - output);
    const Vec dc = load(to_dc, count) + dh * output * (1.0f - tanh_c * tanh_c) + d_output * peephole[2];
    const Vec d[4] = {dc * g * i * (1.0f - i), dc * i * (1.0f - g * g), dc * c_before * f * (1.0f - f), d_output};
    store(to_dc, dc * f + d[0] * peephole[0] + d[2] * peephole[1], count);
    for (int k = 0; k < 4; k++) {
      store(d_gates + k * units, d[k], count);
      d_bias[k] += d[k];
    }
    d_peephole[0] += d[0] * c_before;
    d_peephole[1] += d[2] * c_before;
    d_peephole[2] += d_output * c;
  }
  float* sums = o.d_weights + part.group * 7 * units + unit;
  for (int k = 0; k < 7; k++, sums += units) {
    store(sums, load(sums, count) + (k < 4 ? d_bias[k] : d_peephole[k - 4]), count);
  }
}

// dh of the step before, d_gates W_h^T, for up to four vectors of units.
template <int rows, int vectors>
INLINE void lstm_state_gradient_tile(const LstmBackward& o, long first, long unit, long t) {
  const long units = o.units;
  Vec sums[rows][vectors];
  multiply<rows, vectors>(o.d_gates + (first * o.steps + t) * 4 * units, o.steps * 4 * units,
                          o.packed + unit * 4 * units, 4 * units, sums);
  for (int r = 0; r < rows; r++) {
    if (!is_live(o.lengths, first + r, t)) continue;
    for (int v = 0; v < vectors; v++) {
      const long own = unit + v * lanes;
      store(o.dh + (first + r) * units + own, sums[r][v], units - own);
    }
  }
}

void lstm_backward(const LstmBackward& o, const Part& part) {
  const long end = part.end_block * block < o.units ? part.end_block * block : o.units;
  for (long t = o.steps - 1; t >= 0; t--) {
    for (long unit = part.first_block * block; unit < end; unit += lanes) {
      lstm_gate_gradients(o, part, unit, t);
    }
    if (part.barrier != nullptr) part.barrier->wait();
    for (long unit = part.first_block * block; unit < end; unit += block) {
      with_vectors(end - unit, [&](auto vectors) {
        for_tiles(part.first_row, part.end_row, [&](auto rows, long first) {
          lstm_state_gradient_tile<rows.count, vectors.count>(o, first, unit, t);
        });
      });
    }
  }
}

}  // namespace
