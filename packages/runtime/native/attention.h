// Dot-product attention with one query per row, and softmax top k. Part of kernels.cc.
#pragma once

#include "few-rows.h"
#include "kernels.h"

namespace {

// Replaces x by e^(x - largest) in place; returns the sum.
INLINE float exponentials(float* x, long count, float largest) {
  Vec sums{};
  const long full = count / lanes * lanes;
  for (long i = 0; i < full; i += lanes) {
    const Vec y = exp(load(x + i, lanes) - largest);
    store(x + i, y, lanes);
    sums += y;
  }
  float sum = sum_of(sums);
  if (full == count) return sum;
  const Vec y = exp(load(x + full, count - full) - largest);
  store(x + full, y, count - full);
  for (long k = 0; k < count - full; k++) sum += y[k];
  return sum;
}

// The additive score of a query with each position: sum over i of vector[i] tanh(q[i] + k[i]).
INLINE void additive_scores(const Attention& o, const float* query, const float* keys, float* scores) {
  for (long p = 0; p < o.positions; p++, keys += o.size) {
    Vec sums{};
    for (long i = 0; i < o.size; i += lanes) {
      const long count = o.size - i;
      sums += load(o.vector + i, count) * tanh(load(query + i, count) + load(keys + i, count));
    }
    scores[p] = sum_of(sums);
  }
}

// weights = softmax(scores) over the positions; context = the weighted sum of v.
void attend_rows(const Attention& o, long first, long end) {
  for (long row = first; row < end; row++) {
    const float* const keys = o.keys + o.memory_indices[row] * o.positions * o.size;
    const float* const values = o.values + o.memory_indices[row] * o.positions * o.value_size;
    float* const weights = o.weights + row * o.positions;
    const float* const query = o.queries + row * o.size;
    if (o.vector != nullptr) additive_scores(o, query, keys, weights);
    else dot_products<1>({1, o.size, o.positions, query, keys, weights}, 0, o.positions);
    float largest = weights[0];
    for (long p = 1; p < o.positions; p++) largest = weights[p] > largest ? weights[p] : largest;
    const float scale = 1 / exponentials(weights, o.positions, largest);
    for (long p = 0; p < o.positions; p++) weights[p] *= scale;
    float* const context = o.context + row * o.value_size;
    for (long n = 0; n < o.value_size; n++) context[n] = 0;
    add_products<1>({1, o.positions, o.value_size, weights, values, context}, 0, o.positions, context);
  }
}

// The `count` most likely columns of each row, in descending order with the lowest index first on
// ties, and their probabilities: softmax(logits + added).
void top_k_rows(const TopK& o, long first, long end, float* row_logits) {
  for (long row = first; row < end; row++) {
    const float* const from = o.logits + row * o.columns;
    float* const best = o.probabilities + row * o.count;
    int* const indices = o.indices + row * o.count;
    long held = 0;
    const auto take = [&](float x, long n) {
      if (held == o.count && !(x > best[held - 1])) return;
      long at = held < o.count ? held++ : held - 1;
      for (; at > 0 && x > best[at - 1]; at--) best[at] = best[at - 1], indices[at] = indices[at - 1];
      best[at] = x, indices[at] = static_cast<int>(n);
    };
    for (long n = 0; n < o.columns; n += lanes) {
      const long count = o.columns - n < lanes ? o.columns - n : lanes;
      const Vec x = load(from + n, count) + load(o.added + n, count);
      store(row_logits + n, x, count);
      // Few columns are in the top k, so most vectors are skipped as a full.
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
