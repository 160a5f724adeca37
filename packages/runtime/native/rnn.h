// The vanilla RNN (Elman 1990), h_t = tanh(sums) or relu(sums). Part of kernels.cc.
#pragma once

#include "recurrence.h"

namespace {

template <bool relu>
struct Rnn {
  static constexpr int gates = 1;
  using ForwardData = RnnForward;
  using BackwardData = RnnBackward;

  struct Weights {
    Vec bias{};

    INLINE Weights(const RnnForward& o, long unit) : bias(load(o.bias + unit, o.units - unit)) {}
    INLINE Weights(const RnnBackward&, long) {}
  };

  struct Gradients {
    static constexpr int count = 1;
    Vec sums[count];
  };

  static INLINE Vec forward(const RnnForward&, const Weights& w, const Position&, const Vec (&inputs)[1],
                            const Vec (&products)[1]) {
    const Vec sum = inputs[0] + products[0] + w.bias;
    if (!relu) return tanh(sum);
    return sum < Vec{} ? Vec{} : sum;  // Propagates NaN.
  }

  static INLINE void hold(const RnnForward& o, const Position& at) {
    store(o.hidden + index_of(o, at), Vec{}, at.count);
  }

  static INLINE void backward(const RnnBackward& o, const Weights&, const Position& at,
                              Gradients& gradients) {
    float* const dh_at = o.dh + index_of_state(o, at);
    const Vec h = load(o.hidden + index_of(o, at), at.count);
    const Vec dh = load(dh_at, at.count) + load(o.d_hidden + index_of(o, at), at.count);
    const Vec d = relu ? (h > Vec{} ? dh : Vec{}) : dh * (1.0f - h * h);
    store(o.d_sums + index_of(o, at), d, at.count);
    store(dh_at, Vec{}, at.count);
    gradients.sums[0] += d;
  }

  static INLINE void skip(const RnnBackward& o, const Position& at) {
    store(o.d_sums + index_of(o, at), Vec{}, at.count);
  }
};

void rnn_forward(const RnnForward& o, const Part& part) {
  if (o.relu) run_forward<Rnn<true>>(o, part);
  else run_forward<Rnn<false>>(o, part);
}

void rnn_backward(const RnnBackward& o, const Part& part) {
  if (o.relu) run_backward<Rnn<true>>(o, part);
  else run_backward<Rnn<false>>(o, part);
}

}  // namespace
