// One step of Adam (Kingma & Ba 2015) and AdamW (Loshchilov & Hutter 2019) over part of a
// parameter. Part of kernels.cc.
//
//   g' = g + l2 w     m' = m + (1 - beta1)(g' - m)     v' = v + (1 - beta2)(g'^2 - v)
//   w' = weight_factor w - rate m' / (sqrt(v') + epsilon)
#pragma once

#include "adam.h"

namespace {

// Pointers are restrict parameters, which lets the compiler vectorize the loop.
__attribute__((noinline)) void adam_loop(const AdamParameter p, const AdamSettings s, long size,
                                         const float* __restrict w, const float* __restrict g,
                                         const float* __restrict m, const float* __restrict v,
                                         float* __restrict new_w, float* __restrict new_m,
                                         float* __restrict new_v) {
  for (long i = 0; i < size; i++) {
    const float gradient = g[i] + p.l2 * w[i];
    const float moment = m[i] + s.beta1_rest * (gradient - m[i]);
    const float square = v[i] + s.beta2_rest * (gradient * gradient - v[i]);
    new_m[i] = moment;
    new_v[i] = square;
    new_w[i] = p.weight_factor * w[i] - p.rate * moment / (__builtin_sqrtf(square) + s.epsilon);
  }
}

void adam_step(const AdamParameter& p, const AdamSettings& settings, long begin, long end) {
  adam_loop(p, settings, end - begin, p.weights + begin, p.gradient + begin, p.m + begin,
            p.v + begin, p.new_weights + begin, p.new_m + begin, p.new_v + begin);
}

}  // namespace
