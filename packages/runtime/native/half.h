// float16 to float32. Part of kernels.cc.
#pragma once

#include "simd.h"

namespace {

typedef uint16_t HalfVec __attribute__((vector_size(2 * ATTEND_LANES)));

// By integers: a product by 2^112 would be shorter, but the processor may be set to take subnormal numbers for 0.
INLINE Vec decode_half(HalfVec bits) {
  const BitVec half = __builtin_convertvector(bits, BitVec);
  const BitVec magnitude = (half & 0x7fffu) << 13, exponent = magnitude & 0x0f800000u;
  const BitVec normal = magnitude + 0x38000000u;       // The exponent's bias is 127 instead of 15.
  const BitVec infinite = normal + 0x38000000u;        // Infinities, and what is not a number.
  const BitVec least = BitVec{} + 0x38800000u;         // 2^-14
  const Vec subnormal = reinterpret_cast<Vec>(magnitude + 0x38800000u) - reinterpret_cast<Vec>(least);
  const BitVec finite = exponent == 0u ? reinterpret_cast<BitVec>(subnormal) : normal;
  const BitVec decoded = exponent == 0x0f800000u ? infinite : finite;
  return reinterpret_cast<Vec>(decoded | (half & 0x8000u) << 16);
}

void decode_halves(const uint16_t* from, float* to, long first, long end) {
  for (long i = first; i < end; i += lanes) {
    const long count = end - i;
    HalfVec bits{};
    std::memcpy(&bits, from + i, static_cast<size_t>(count < lanes ? count : lanes) * sizeof(uint16_t));
    store(to + i, decode_half(bits), count);
  }
}

}  // namespace
