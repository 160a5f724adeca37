// Adam's data; see adam-step.h for the equations and adam-operation.cc for the operation.
#pragma once

struct AdamSettings {
  float beta1_rest, beta2_rest;  // 1 - beta1, 1 - beta2
  float epsilon;
};

// One parameter. Results are written to new memory, since the old values may still be referenced.
struct AdamParameter {
  const float *weights, *gradient, *m, *v;
  float *new_weights, *new_m, *new_v;
  long size;
  float rate, weight_factor, l2;
};
