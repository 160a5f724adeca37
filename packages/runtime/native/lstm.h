// The LSTM (Hochreiter & Schmidhuber 1997; forget gate: Gers et al. 2000; peepholes p: Gers &
// Schmidhuber 2000). Part of kernels.cc.
//
//   i = sigmoid(sums_i + p_i c_{t-1})     g = tanh(sums_g)     f = sigmoid(sums_f + p_f c_{t-1})
//   c_t = f c_{t-1} + i g     o = sigmoid(sums_o + p_o c_t)     h_t = o tanh(c_t)
#pragma once

#include "recurrence.h"

namespace {

struct Lstm {
  static constexpr int gates = 4;
  using ForwardData = LstmForward;
  using BackwardData = LstmBackward;

  struct Weights {
    Vec bias[4]{}, input{}, forget{}, output{};

    INLINE Weights(const LstmForward& o, long unit) : Weights(o, o.peephole, unit) {
      for (int g = 0; g < 4; g++) bias[g] = load(o.bias + g * o.units + unit, o.units - unit);
    }
    INLINE Weights(const LstmBackward& o, long unit) : Weights(o, o.peephole, unit) {}

   private:
    INLINE Weights(const Sequence& o, const float* peephole, long unit) {
      if (peephole == nullptr) return;
      input = load(peephole + unit, o.units - unit);
      forget = load(peephole + o.units + unit, o.units - unit);
      output = load(peephole + 2 * o.units + unit, o.units - unit);
    }
  };

  struct Gradients {
    static constexpr int count = 7;
    Vec sums[count];
  };

  static INLINE Vec forward(const LstmForward& o, const Weights& w, const Position& at,
                            const Vec (&inputs)[4], const Vec (&products)[4]) {
    const Vec c_before = before(o, at, o.c0, o.cells);
    Vec sums[4];
    for (int g = 0; g < 4; g++) sums[g] = inputs[g] + products[g] + w.bias[g];
    const Vec i = sigmoid(sums[0] + w.input * c_before);
    const Vec g = tanh(sums[1]);
    const Vec f = sigmoid(sums[2] + w.forget * c_before);
    const Vec c = f * c_before + i * g;
    const Vec out = sigmoid(sums[3] + w.output * c);
    store(o.cells + index_of(o, at), c, at.count);
    const Vec activations[4] = {i, g, f, out};
    for (int k = 0; k < 4; k++) store(o.activations + index_of(o, at, 4, k), activations[k], at.count);
    return out * tanh(c);
  }

  // A row past its length.
  static INLINE void hold(const LstmForward& o, const Position& at) {
    store(o.hidden + index_of(o, at), Vec{}, at.count);
  }

  static INLINE void backward(const LstmBackward& o, const Weights& w, const Position& at,
                              Gradients& gradients) {
    Vec activations[4];
    for (int k = 0; k < 4; k++) activations[k] = load(o.activations + index_of(o, at, 4, k), at.count);
    const auto& [i, g, f, out] = activations;
    const Vec c_before = before(o, at, o.c0, o.cells);
    const Vec c = load(o.cells + index_of(o, at), at.count), tanh_c = tanh(c);
    float* const dh_at = o.dh + index_of_state(o, at);
    float* const dc_at = o.dc + index_of_state(o, at);
    const Vec dh = load(dh_at, at.count) + load(o.d_hidden + index_of(o, at), at.count);
    const Vec d_out = dh * tanh_c * out * (1.0f - out);
    const Vec dc = load(dc_at, at.count) + dh * out * (1.0f - tanh_c * tanh_c) + d_out * w.output;
    const Vec d_i = dc * g * i * (1.0f - i);
    const Vec d_f = dc * c_before * f * (1.0f - f);
    const Vec d[4] = {d_i, dc * i * (1.0f - g * g), d_f, d_out};
    for (int k = 0; k < 4; k++) {
      store(o.d_sums + index_of(o, at, 4, k), d[k], at.count);
      gradients.sums[k] += d[k];
    }
    gradients.sums[4] += d_i * c_before;
    gradients.sums[5] += d_f * c_before;
    gradients.sums[6] += d_out * c;
    store(dc_at, dc * f + d_i * w.input + d_f * w.forget, at.count);
    store(dh_at, Vec{}, at.count);
  }

  static INLINE void skip(const LstmBackward& o, const Position& at) {
    for (int k = 0; k < 4; k++) store(o.d_sums + index_of(o, at, 4, k), Vec{}, at.count);
  }
};

void lstm_forward(const LstmForward& o, const Part& part) {
  run_forward<Lstm>(o, part);
  last_state(o, part, o.c0, o.cells, o.c_last);
}

void lstm_backward(const LstmBackward& o, const Part& part) { run_backward<Lstm>(o, part); }

}  // namespace
