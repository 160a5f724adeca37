// Attention by dot products of one query a row, and the likeliest of many. Part of kernels.cc.
#pragma once

#include "few-rows.h"
#include "kernels.h"

namespace {

// e^(x - largest) in place of x; returns their sum.
INLINE float exponentials(float* x, long count, float largest) {
  Vec sums{};
  const long whole = count / lanes * lanes;
  for (long i = 0; i < whole; i += lanes) {
    const Vec y = exp(load(x + i, lanes) - largest);
    store(x + i, y, lanes);
    sums += y;
  }
  float sum = sum_of(sums);
  if (whole == count) return sum;
  const Vec y = exp(load(x + whole, count - whole) - largest);
  store(x + whole, y, count - whole);
  for (long k = 0; k < count - whole; k++) sum += y[k];
  return sum;
}

// weights = softmax over positions of q k; context = sum over positions of weights v.
void attend_rows(const Attention& o, long first, long end) {
  for (long row = first; row < end; row++) {
    const float* const keys = o.keys + o.owners[row] * o.positions * o.size;
    const float* const values = o.values + o.owners[row] * o.positions * o.value_size;
    float* const weights = o.weights + row * o.positions;
    dot_products<1>({1, o.size, o.positions, o.queries + row * o.size, keys, weights}, 0, o.positions);
    float largest = weights[0];
    for (long p = 1; p < o.positions; p++) largest = weights[p] > largest ? weights[p] : largest;
    const float scale = 1 / exponentials(weights, o.positions, largest);
    for (long p = 0; p < o.positions; p++) weights[p] *= scale;
    float* const context = o.context + row * o.value_size;
    for (long n = 0; n < o.value_size; n++) context[n] = 0;
    add_products<1>({1, o.positions, o.value_size, weights, values, context}, 0, o.positions, context);
  }
}

// Of each row the `count` likeliest, best first and the first of equals first, and their probabilities:
// the softmax of logits + added.
void best_of_rows(const Best& o, long first, long end, float* row_logits) {
  for (long row = first; row < end; row++) {
    const float* const from = o.logits + row * o.columns;
    float* const best = o.probabilities + row * o.count;
    int* const places = o.places + row * o.count;
    long held = 0;
    const auto take = [&](float x, long n) {
      if (held == o.count && !(x > best[held - 1])) return;
      long at = held < o.count ? held++ : held - 1;
      for (; at > 0 && x > best[at - 1]; at--) best[at] = best[at - 1], places[at] = places[at - 1];
      best[at] = x, places[at] = static_cast<int>(n);
    };
    for (long n = 0; n < o.columns; n += lanes) {
      const long count = o.columns - n < lanes ? o.columns - n : lanes;
      const Vec x = load(from + n, count) + load(o.added + n, count);
      store(row_logits + n, x, count);
      // Few are among the best: mostly a whole vector is passed over.
      if (held == o.count && !(max_of(x) > best[held - 1])) continue;
      for (long k = 0; k < count; k++) take(x[k], n + k);
    }
    const float largest = best[0];
    const float scale = 1 / exponentials(row_logits, o.columns, largest);
    exponentials(best, o.count, largest);
    for (long i = 0; i < o.count; i++) best[i] *= scale;
  }
}

}  // namespace
