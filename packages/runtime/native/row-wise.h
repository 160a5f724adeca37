// Row-wise operations of a Transformer: layer normalization and cross-entropy, with their backward
// passes, and dropout. Part of kernels.cc.
#pragma once

#include "kernels.h"
#include "simd.h"

namespace {

void normalize_rows(const LayerNorm& o, long first, long end) {
  const float share = 1.0f / static_cast<float>(o.size);
  for (long row = first; row < end; row++) {
    const float* const x = o.x + row * o.size;
    float* const y = o.y + row * o.size;
    Vec sums{};
    for (long i = 0; i < o.size; i += lanes) sums += load(x + i, o.size - i);
    const float mean = sum_of(sums) * share;
    Vec squares{};
    for (long i = 0; i < o.size; i += lanes) {
      store(y + i, load(x + i, o.size - i) - mean, o.size - i);
      const Vec centered = load(y + i, o.size - i);  // Stored and loaded again, so that elements past the end are 0.
      squares += centered * centered;
    }
    const float rate = 1 / __builtin_sqrtf(sum_of(squares) * share + o.epsilon);
    for (long i = 0; i < o.size; i += lanes) {
      const long count = o.size - i;
      store(y + i, load(y + i, count) * rate * load(o.scale + i, count) + load(o.offset + i, count), count);
    }
    o.moments[2 * row] = mean;
    o.moments[2 * row + 1] = rate;
  }
}

// With g = dy scale and z the normalized row: dx = rate (g - mean(g) - z mean(g z)).
void normalize_rows_backward(const LayerNormBackward& o, long first, long end, float* d_scale,
                             float* d_offset) {
  const float share = 1.0f / static_cast<float>(o.size);
  for (long row = first; row < end; row++) {
    const float* const x = o.x + row * o.size;
    const float* const dy = o.dy + row * o.size;
    float* const dx = o.dx + row * o.size;
    const float mean = o.moments[2 * row], rate = o.moments[2 * row + 1];
    Vec sums{}, products{};
    for (long i = 0; i < o.size; i += lanes) {
      const long count = o.size - i;
      const Vec d = load(dy + i, count), z = (load(x + i, count) - mean) * rate;
      const Vec g = d * load(o.scale + i, count);
      sums += g;
      products += g * z;  // Past the end g is 0.
      store(d_scale + i, load(d_scale + i, count) + d * z, count);
      store(d_offset + i, load(d_offset + i, count) + d, count);
    }
    const float of_g = sum_of(sums) * share, of_gz = sum_of(products) * share;
    for (long i = 0; i < o.size; i += lanes) {
      const long count = o.size - i;
      const Vec z = (load(x + i, count) - mean) * rate;
      const Vec g = load(dy + i, count) * load(o.scale + i, count);
      store(dx + i, rate * (g - of_g - z * of_gz), count);
    }
  }
}

// loss = log sum e^x - (1 - smoothing) x[target] - smoothing mean(x)
void cross_entropy_rows(const CrossEntropy& o, long first, long end) {
  const long full = o.classes / lanes * lanes;
  for (long row = first; row < end; row++) {
    const float* const x = o.logits + row * o.classes;
    Vec most = Vec{} + x[0], sums{};
    for (long i = 0; i < full; i += lanes) {
      const Vec v = load(x + i, lanes);
      most = v > most ? v : most;
      sums += v;
    }
    float largest = max_of(most), sum = sum_of(sums);
    for (long i = full; i < o.classes; i++) {
      largest = x[i] > largest ? x[i] : largest;
      sum += x[i];
    }
    Vec exponentials{};
    for (long i = 0; i < full; i += lanes) exponentials += exp(load(x + i, lanes) - largest);
    float total = sum_of(exponentials);
    for (long i = full; i < o.classes; i++) total += exp(Vec{} + (x[i] - largest))[0];
    const float logarithm = largest + __builtin_logf(total);
    const float mean = sum / static_cast<float>(o.classes);
    o.logarithms[row] = logarithm;
    o.loss[row] = logarithm - (1 - o.smoothing) * x[o.targets[row]] - o.smoothing * mean;
  }
}

void cross_entropy_rows_backward(const CrossEntropy& o, long first, long end) {
  for (long row = first; row < end; row++) {
    const float* const x = o.logits + row * o.classes;
    float* const dx = o.d_logits + row * o.classes;
    const float dy = o.d_loss[row], logarithm = o.logarithms[row];
    const float everywhere = o.smoothing / static_cast<float>(o.classes);
    for (long i = 0; i < o.classes; i += lanes) {
      const long count = o.classes - i;
      store(dx + i, (exp(load(x + i, count) - logarithm) - everywhere) * dy, count);
    }
    dx[o.targets[row]] -= (1 - o.smoothing) * dy;
  }
}

// Mixes the bits of each number so that neighbors become uncorrelated (MurmurHash3's finalizer).
INLINE BitVec mixed(BitVec x) {
  x = (x ^ (x >> 16)) * 0x85ebca6bu;
  x = (x ^ (x >> 13)) * 0xc2b2ae35u;
  return x ^ (x >> 16);
}

void drop_elements(const Dropout& o, long first, long end) {
  BitVec ones;
  for (int k = 0; k < lanes; k++) ones[k] = static_cast<uint32_t>(k);
  for (long i = first; i < end; i += lanes) {
    const BitVec bits = mixed(mixed(ones + static_cast<uint32_t>(i) + o.seeds[0]) ^ o.seeds[1]);
    const Vec x = load(o.x + i, end - i) * o.scale;
    store(o.y + i, bits >= BitVec{} + o.threshold ? x : Vec{}, end - i);
  }
}

}  // namespace
