// Products of few rows with unpacked weights, where the cost is reading the weights once, and the
// LSTM step based on them. Part of kernels.cc.
#pragma once

#include "kernels.h"
#include "lstm.h"

namespace {

// y[r][n] += sum of x[r][k] w[k][n] over `some` rows k of the weights from `first` on.
template <int rows, int some>
INLINE void add_rows(const FewRows& o, long first, float* y) {
  const float* const from = o.weights + first * o.columns;
  float factors[rows][some];  // A local copy stays in registers.
  for (int r = 0; r < rows; r++) {
    for (int i = 0; i < some; i++) factors[r][i] = o.x[r * o.depth + first + i];
  }
  const auto add = [&](long n, long count) {
    Vec w[some];
    for (int i = 0; i < some; i++) w[i] = load(from + i * o.columns + n, count);
    for (int r = 0; r < rows; r++) {
      Vec sum = load(y + r * o.columns + n, count);
      for (int i = 0; i < some; i++) sum += factors[r][i] * w[i];
      store(y + r * o.columns + n, sum, count);
    }
  };
  const long full = o.columns / lanes * lanes;
  for (long n = 0; n < full; n += lanes) add(n, lanes);
  if (full < o.columns) add(full, o.columns - full);
}

// As above for k from `begin` to `end`, in memory order, four rows at a time.
template <int rows>
INLINE void add_products(const FewRows& o, long begin, long end, float* y) {
  long k = begin;
  for (; k + 4 <= end; k += 4) add_rows<rows, 4>(o, k, y);
  for (; k < end; k++) add_rows<rows, 1>(o, k, y);
}

// y[r][n] = sum over k of x[r][k] w[n][k], for n from `begin` to `end`. One n after the other is memory order: several
// at once take twice as long.
template <int rows>
INLINE void dot_products(const FewRows& o, long begin, long end) {
  const long full = o.depth / lanes * lanes;
  for (long n = begin; n < end; n++) {
    Vec sums[rows]{};
    const auto add = [&](long k, long count) {
      const Vec w = load(o.weights + n * o.depth + k, count);
      for (int r = 0; r < rows; r++) sums[r] += load(o.x + r * o.depth + k, count) * w;
    };
    for (long k = 0; k < full; k += lanes) add(k, lanes);
    if (full < o.depth) add(full, o.depth - full);
    for (int r = 0; r < rows; r++) o.y[r * o.columns + n] = sum_of(sums[r]);
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

// The gates of an LSTM step; see lstm.h.
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
