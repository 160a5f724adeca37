// The GRU (Cho et al. 2014) with the reset gate applied after the product, as in cuDNN and PyTorch.
// Part of kernels.cc.
//
//   r = sigmoid(sums_r)     z = sigmoid(sums_z)     q = h_{t-1} W_hn + b_hn
//   n = tanh(x W_xn + b_n + r q)     h_t = (1 - z) n + z h_{t-1}
#pragma once

#include "recurrence.h"

namespace {

struct Gru {
  static constexpr int gates = 3;
  using ForwardData = GruForward;
  using BackwardData = GruBackward;

  struct Weights {
    Vec bias[3]{}, candidate_bias{};

    INLINE Weights(const GruForward& o, long unit) {
      for (int g = 0; g < 3; g++) bias[g] = load(o.bias + g * o.units + unit, o.units - unit);
      candidate_bias = load(o.candidate_bias + unit, o.units - unit);
    }
    INLINE Weights(const GruBackward&, long) {}
  };

  struct Gradients {
    static constexpr int count = 4;
    Vec sums[count];
  };

  static INLINE Vec forward(const GruForward& o, const Weights& w, const Position& at,
                            const Vec (&inputs)[3], const Vec (&products)[3]) {
    const Vec r = sigmoid(inputs[0] + products[0] + w.bias[0]);
    const Vec z = sigmoid(inputs[1] + products[1] + w.bias[1]);
    const Vec q = products[2] + w.candidate_bias;
    const Vec n = tanh(inputs[2] + w.bias[2] + r * q);
    const Vec activations[4] = {r, z, n, q};
    for (int k = 0; k < 4; k++) store(o.activations + index_of(o, at, 4, k), activations[k], at.count);
    return n + z * (before(o, at, o.h0, o.hidden) - n);
  }

  static INLINE void hold(const GruForward& o, const Position& at) {
    store(o.hidden + index_of(o, at), Vec{}, at.count);
  }

  static INLINE void backward(const GruBackward& o, const Weights&, const Position& at,
                              Gradients& gradients) {
    Vec activations[4];
    for (int k = 0; k < 4; k++) activations[k] = load(o.activations + index_of(o, at, 4, k), at.count);
    const auto& [r, z, n, q] = activations;
    float* const dh_at = o.dh + index_of_state(o, at);
    const Vec dh = load(dh_at, at.count) + load(o.d_hidden + index_of(o, at), at.count);
    const Vec d_n = dh * (1.0f - z) * (1.0f - n * n);
    const Vec d_z = dh * (before(o, at, o.h0, o.hidden) - n) * z * (1.0f - z);
    const Vec d_r = d_n * q * r * (1.0f - r);
    const Vec d_q = d_n * r;
    const Vec d[4] = {d_r, d_z, d_n, d_q};
    for (int k = 0; k < 4; k++) {
      if (k < 3) store(o.d_sums + index_of(o, at, 3, k), d[k], at.count);
      if (k != 2) store(o.d_recurrent + index_of(o, at, 3, k == 3 ? 2 : k), d[k], at.count);
      gradients.sums[k] += d[k];
    }
    store(dh_at, dh * z, at.count);
  }

  static INLINE void skip(const GruBackward& o, const Position& at) {
    for (int k = 0; k < 3; k++) {
      store(o.d_sums + index_of(o, at, 3, k), Vec{}, at.count);
      store(o.d_recurrent + index_of(o, at, 3, k), Vec{}, at.count);
    }
  }
};

void gru_forward(const GruForward& o, const Part& part) { run_forward<Gru>(o, part); }

void gru_backward(const GruBackward& o, const Part& part) { run_backward<Gru>(o, part); }

}  // namespace
