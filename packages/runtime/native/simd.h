// Vectors of as many floats as the instruction set holds, and activations on them. Only part of
// kernels.cc, which is compiled once for each instruction set; nothing here may be visible outside.
#pragma once

#include <cstdint>
#include <cstring>

namespace {

constexpr long lanes = ATTEND_LANES;
typedef float Vec __attribute__((vector_size(4 * ATTEND_LANES)));
typedef uint32_t BitVec __attribute__((vector_size(4 * ATTEND_LANES)));
typedef int IntVec __attribute__((vector_size(4 * ATTEND_LANES)));
typedef float LooseVec __attribute__((vector_size(4 * ATTEND_LANES), aligned(4), may_alias));

#define INLINE inline __attribute__((always_inline))

INLINE Vec load_packed(const float* from) { return *reinterpret_cast<const Vec*>(from); }

// The first `count` floats of a vector; the others are 0.
INLINE Vec load(const float* from, long count) {
  if (count >= lanes) return *reinterpret_cast<const LooseVec*>(from);
  Vec value{};
  std::memcpy(&value, from, static_cast<size_t>(count) * sizeof(float));
  return value;
}

INLINE void store(float* to, Vec value, long count) {
  if (count >= lanes) *reinterpret_cast<LooseVec*>(to) = value;
  else std::memcpy(to, &value, static_cast<size_t>(count) * sizeof(float));
}

INLINE float sum_of(Vec v) {
  float parts[lanes];
  store(parts, v, lanes);
  for (long half = lanes / 2; half > 0; half /= 2) {
    for (long i = 0; i < half; i++) parts[i] += parts[i + half];
  }
  return parts[0];
}

INLINE float max_of(Vec v) {
  float parts[lanes];
  store(parts, v, lanes);
  for (long half = lanes / 2; half > 0; half /= 2) {
    for (long i = 0; i < half; i++) parts[i] = parts[i] > parts[i + half] ? parts[i] : parts[i + half];
  }
  return parts[0];
}

// e^x, relative error below 1e-6 for -87 <= x <= 88, clamped outside: x = n ln 2 + r with integer
// n, e^x = 2^n e^r, e^r by the polynomial of Cephes' expf.
INLINE Vec exp(Vec x) {
  const Vec low = Vec{} - 87.0f, high = Vec{} + 88.0f;
  x = x < low ? low : x;
  x = x > high ? high : x;
  // Adding 1.5 * 2^23 rounds to an integer and leaves it in the lowest bits.
  const Vec shifted = x * 1.44269504f + 12582912.0f;
  const Vec n = shifted - 12582912.0f;
  const Vec r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
  Vec p = r * 1.9875691500e-4f + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  const Vec power = p * (r * r) + r + 1.0f;
  return reinterpret_cast<Vec>(reinterpret_cast<IntVec>(power) +
                               (reinterpret_cast<IntVec>(shifted) << 23));
}

// 1 / (1 + e^-x)
INLINE Vec sigmoid(Vec x) { return 1.0f / (1.0f + exp(-x)); }

// 1 - 2 / (e^2x + 1); near 0, where that cancels, the polynomial of Cephes' tanhf.
INLINE Vec tanh(Vec x) {
  const Vec square = x * x;
  Vec p = square * -5.70498872745e-3f + 2.06390887954e-2f;
  p = p * square - 5.37397155531e-2f;
  p = p * square + 1.33314422036e-1f;
  p = p * square - 3.33332819422e-1f;
  const Vec near = p * square * x + x;
  const Vec far = 1.0f - 2.0f / (exp(x + x) + 1.0f);
  return square < Vec{} + 0.390625f ? near : far;
}

// x P(X <= x) for a standard normal X, (1 + erf(x / sqrt(2))) x / 2; erf by the rational approximation of Eigen, which
// TensorFlow uses.
INLINE Vec gelu(Vec x) {
  const Vec most = Vec{} + 4.0f;
  Vec y = x * 0.707106781f;
  y = y > most ? most : y;
  y = y < -most ? -most : y;
  const Vec square = y * y;
  Vec p = square * -2.72614225801306e-10f + 2.77068142495902e-08f;
  p = p * square - 2.10102402082508e-06f;
  p = p * square - 5.69250639462346e-05f;
  p = p * square - 7.34990630326855e-04f;
  p = p * square - 2.95459980854025e-03f;
  p = p * square - 1.60960333262415e-02f;
  Vec q = square * -1.45660718464996e-05f - 2.13374055278905e-04f;
  q = q * square - 1.68282697438203e-03f;
  q = q * square - 7.37332916720468e-03f;
  q = q * square - 1.42647390514189e-02f;
  return 0.5f * x * (1.0f + y * p / q);
}

}  // namespace
