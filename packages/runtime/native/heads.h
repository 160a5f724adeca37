// Multi-head attention within each row, with its backward pass, and attention with one query per
// row over slots that rows may share. Part of kernels.cc.
#pragma once

#include "kernels.h"
#include "simd.h"

namespace {

// y[i] = sum over d of x[d] columns[d][i], for `count` columns with the given stride.
INLINE void dot_columns_of(const float* x, long size, const float* columns, long stride, long count,
                           float* y) {
  for (long i = 0; i < count; i += lanes) {
    Vec sums[4]{};
    long d = 0;
    for (; d + 4 <= size; d += 4) {
      for (int k = 0; k < 4; k++) sums[k] += x[d + k] * load_packed(columns + (d + k) * stride + i);
    }
    for (; d < size; d++) sums[0] += x[d] * load_packed(columns + d * stride + i);
    store(y + i, (sums[0] + sums[1]) + (sums[2] + sums[3]), lanes);
  }
}

// y[d] += sum over p of x[p] rows[p][d], for rows with the given stride.
INLINE void add_rows_of(const float* x, long count, const float* rows, long stride, long size, float* y) {
  for (long d = 0; d < size; d += lanes) {
    Vec sum = load(y + d, size - d);
    for (long p = 0; p < count; p++) sum += x[p] * load(rows + p * stride + d, size - d);
    store(y + d, sum, size - d);
  }
}

// rows[p][d] += x[p] y[d]
INLINE void add_outer(const float* x, long count, const float* y, long size, float* rows, long stride) {
  for (long d = 0; d < size; d += lanes) {
    const Vec factor = load(y + d, size - d);
    for (long p = 0; p < count; p++) {
      float* const to = rows + p * stride + d;
      store(to, load(to, size - d) + x[p] * factor, size - d);
    }
  }
}

// Softmax of `count` numbers, in place.
INLINE void softmax(float* x, long count) {
  float largest = x[0];
  for (long i = 1; i < count; i++) largest = x[i] > largest ? x[i] : largest;
  Vec sums{};
  for (long i = 0; i < count; i += lanes) {
    Vec y = exp(load(x + i, count - i) - largest);
    store(x + i, y, count - i);
    sums += load(x + i, count - i);
  }
  const float scale = 1 / sum_of(sums);
  for (long i = 0; i < count; i += lanes) store(x + i, load(x + i, count - i) * scale, count - i);
}

// Where the data of one head of one row is.
struct HeadSlice {
  const float *q, *k, *v;
  long q_stride, memory_stride, allowed, weights_at;
};

INLINE HeadSlice head_slice(const Heads& o, long index) {
  const long row = index / o.heads, head = index % o.heads, size = o.heads * o.head_size;
  const float* const memory = o.memory + row * o.positions * 2 * size + head * o.head_size;
  return {o.queries + row * o.count * size + head * o.head_size,
          memory,
          memory + size,
          size,
          2 * size,
          o.lengths == nullptr ? o.positions : o.lengths[row],
          index * o.count * o.positions};
}

INLINE long visible(const Heads& o, const HeadSlice& at, long query) {
  return o.causal && query + 1 < at.allowed ? query + 1 : at.allowed;
}

INLINE long padded(long count) { return (count + lanes - 1) / lanes * lanes; }

// columns[d][p] = rows[p][d], columns padded with 0.
INLINE void transpose_rows(const float* rows, long stride, long count, long size, float* columns) {
  const long wide = padded(count);
  for (long d = 0; d < size; d++) {
    for (long p = 0; p < count; p++) columns[d * wide + p] = rows[p * stride + d];
    for (long p = count; p < wide; p++) columns[d * wide + p] = 0;
  }
}

void attend_heads(const Heads& o, long first, long end, float* scratch) {
  const long wide = padded(o.positions);
  float* const scores = scratch + o.head_size * wide;
  for (long index = first; index < end; index++) {
    const HeadSlice at = head_slice(o, index);
    transpose_rows(at.k, at.memory_stride, o.positions, o.head_size, scratch);
    for (long i = 0; i < o.count; i++) {
      const long valid = visible(o, at, i);
      float* const weights = o.weights + at.weights_at + i * o.positions;
      dot_columns_of(at.q + i * at.q_stride, o.head_size, scratch, wide, valid, scores);
      for (long p = 0; p < valid; p += lanes) store(scores + p, load(scores + p, lanes) * o.scale, lanes);
      softmax(scores, valid);
      for (long p = 0; p < valid; p++) weights[p] = scores[p];
      for (long p = valid; p < o.positions; p++) weights[p] = 0;
      if (o.dropout_mask != nullptr) {
        const float* const dropout_mask = o.dropout_mask + at.weights_at + i * o.positions;
        for (long p = 0; p < valid; p++) scores[p] *= dropout_mask[p];
      }
      float* const context = o.context + (at.q - o.queries) + i * at.q_stride;
      for (long d = 0; d < o.head_size; d++) context[d] = 0;
      add_rows_of(scores, valid, at.v, at.memory_stride, o.head_size, context);
    }
  }
}

void attend_heads_backward(const HeadsBackward& o, long first, long end, float* scratch) {
  const long wide = padded(o.positions);
  float* const d_scores = scratch + o.head_size * wide;
  float* const used = d_scores + wide;
  for (long index = first; index < end; index++) {
    const HeadSlice at = head_slice(o, index);
    const long memory_at = at.k - o.memory, size = o.heads * o.head_size;
    float* const d_k = o.d_memory + memory_at;
    float* const d_v = d_k + size;
    for (long p = 0; p < o.positions; p++) {
      for (long d = 0; d < o.head_size; d++) {
        d_k[p * at.memory_stride + d] = 0;
        d_v[p * at.memory_stride + d] = 0;
      }
    }
    transpose_rows(at.v, at.memory_stride, o.positions, o.head_size, scratch);
    for (long i = 0; i < o.count; i++) {
      const long valid = visible(o, at, i), q_at = (at.q - o.queries) + i * at.q_stride;
      const long weights_at = at.weights_at + i * o.positions;
      const float* const weights = o.weights + weights_at;
      const float* const d_weights = o.d_weights + weights_at;
      const float* const d_context = o.d_context + q_at;
      dot_columns_of(d_context, o.head_size, scratch, wide, valid, d_scores);
      float dot = 0;
      for (long p = 0; p < valid; p++) {
        const float dropout_mask = o.dropout_mask == nullptr ? 1 : o.dropout_mask[weights_at + p];
        used[p] = weights[p] * dropout_mask;
        d_scores[p] = d_scores[p] * dropout_mask + d_weights[p];
        dot += d_scores[p] * weights[p];
      }
      for (long p = 0; p < valid; p++) d_scores[p] = weights[p] * (d_scores[p] - dot) * o.scale;
      float* const d_q = o.d_queries + q_at;
      for (long d = 0; d < o.head_size; d++) d_q[d] = 0;
      add_rows_of(d_scores, valid, at.k, at.memory_stride, o.head_size, d_q);
      add_outer(d_scores, valid, at.q + i * at.q_stride, o.head_size, d_k, at.memory_stride);
      add_outer(used, valid, d_context, o.head_size, d_v, at.memory_stride);
    }
  }
}

void attend_slots(const SlotAttention& o, long first, long end) {
  const long size = o.heads * o.head_size;
  for (long row = first; row < end; row++) {
    const int32_t* const slots = o.slots + row * o.positions;
    long valid = 0;
    while (valid < o.positions && slots[valid] >= 0) valid++;
    for (long head = 0; head < o.heads; head++) {
      const float* const q = o.queries + row * size + head * o.head_size;
      const float* const memory = o.memory + head * o.head_size;
      float* const weights = o.weights + (row * o.heads + head) * o.positions;
      for (long p = 0; p < valid; p++) {
        const float* const k = memory + slots[p] * 2 * size;
        Vec sum{};
        for (long d = 0; d < o.head_size; d += lanes) {
          sum += load(q + d, o.head_size - d) * load(k + d, o.head_size - d);
        }
        weights[p] = sum_of(sum) * o.scale;
      }
      softmax(weights, valid);
      for (long p = valid; p < o.positions; p++) weights[p] = 0;
      float* const context = o.context + row * size + head * o.head_size;
      for (long d = 0; d < o.head_size; d += lanes) {
        Vec sum{};
        for (long p = 0; p < valid; p++) {
          sum += weights[p] * load(memory + slots[p] * 2 * size + size + d, o.head_size - d);
        }
        store(context + d, sum, o.head_size - d);
      }
    }
  }
}

}  // namespace
