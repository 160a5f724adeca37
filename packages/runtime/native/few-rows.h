// Products of few rows with weights as they lie: what they cost is reading the weights once. And the step
// of an LSTM on such a product. Part of kernels.cc.
#pragma once

#include "kernels.h"
#include "lstm.h"

namespace {

// y[r][n] += sum over k of x[r][k] w[k][n], for k from `begin` to `end`: whole rows of the weights, in the
// order in which they lie, four at a time.
template <int rows>
INLINE void add_products(const FewRows& o, long begin, long end, float* y) {
  for (long k = begin; k < end;) {
    const long some = end - k < 4 ? 1 : 4;
    for (long n = 0; n < o.columns; n += lanes) {
      const long count = o.columns - n;
      Vec sums[rows];
      for (int r = 0; r < rows; r++) sums[r] = load(y + r * o.columns + n, count);
      const float* from = o.weights + k * o.columns + n;
      if (some == 4) {
        Vec w[4];
        for (int i = 0; i < 4; i++) w[i] = load(from + i * o.columns, count);
        for (int r = 0; r < rows; r++) {
          const float* x = o.x + r * o.depth + k;
          for (int i = 0; i < 4; i++) sums[r] += x[i] * w[i];
        }
      } else {
        const Vec w = load(from, count);
        for (int r = 0; r < rows; r++) sums[r] += o.x[r * o.depth + k] * w;
      }
      for (int r = 0; r < rows; r++) store(y + r * o.columns + n, sums[r], count);
    }
    k += some;
  }
}

INLINE float sum_of(Vec v) {
  float sum = 0;
  for (long i = 0; i < lanes; i++) sum += v[i];
  return sum;
}

// y[r][n] = sum over k of x[r][k] w[n][k], for n from `begin` to `end`.
template <int rows>
INLINE void dot_products(const FewRows& o, long begin, long end) {
  for (long n = begin; n < end;) {
    const int some = end - n < 4 ? 1 : 4;
    Vec sums[rows][4]{};
    for (long k = 0; k < o.depth; k += lanes) {
      const long count = o.depth - k;
      for (int i = 0; i < some; i++) {
        const Vec w = load(o.weights + (n + i) * o.depth + k, count);
        for (int r = 0; r < rows; r++) sums[r][i] += load(o.x + r * o.depth + k, count) * w;
      }
    }
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < some; i++) o.y[r * o.columns + n + i] = sum_of(sums[r][i]);
    }
    n += some;
  }
}

// Calls `body(Rows<n>)` for a number of rows up to `most_few_rows`.
template <typename Body>
INLINE void with_rows(long rows, const Body& body) {
  switch (rows) {
    case 1: return body(Rows<1>());
    case 2: return body(Rows<2>());
    case 3: return body(Rows<3>());
    case 4: return body(Rows<4>());
    case 5: return body(Rows<5>());
    case 6: return body(Rows<6>());
    case 7: return body(Rows<7>());
    case 8: return body(Rows<8>());
  }
}

void few_rows(const FewRows& o, long begin, long end, float* y) {
  with_rows(o.rows, [&](auto rows) { add_products<decltype(rows)::count>(o, begin, end, y); });
}

void few_rows_transposed(const FewRows& o, long begin, long end) {
  with_rows(o.rows, [&](auto rows) { dot_products<decltype(rows)::count>(o, begin, end); });
}

// The gates of an LSTM's step; see lstm.h.
void lstm_gates(const LstmGates& o) {
  for (long row = 0; row < o.rows; row++) {
    for (long unit = 0; unit < o.units; unit += lanes) {
      const long count = o.units - unit, at = row * o.units + unit;
      Vec sums[4];
      for (int g = 0; g < 4; g++) sums[g] = load(o.sums + (row * 4 + g) * o.units + unit, count);
      const Vec f = sigmoid(sums[2]), i = sigmoid(sums[0]);
      const Vec c = f * load(o.c + at, count) + i * tanh(sums[1]);
      store(o.new_c + at, c, count);
      store(o.new_h + at, sigmoid(sums[3]) * tanh(c), count);
    }
  }
}

}  // namespace
