// Packs weights into the order in which `multiply` reads them. Part of kernels.cc.
#pragma once

#include "simd.h"

namespace {

// Units per block: as many as one tile of a gradient's product covers.
constexpr long block = 4 * lanes;

template <int n>
struct Vectors {
  static constexpr int count = n;
};

// Calls `body(Vectors<n>)` with the n, at most 4, that covers the given number of units.
template <typename Body>
INLINE void with_vectors(long units, const Body& body) {
  if (units > 3 * lanes) body(Vectors<4>());
  else if (units > 2 * lanes) body(Vectors<3>());
  else if (units > lanes) body(Vectors<2>());
  else body(Vectors<1>());
}

// [units, gates * units] -> for each vector of units [units, gates, lanes], padded with 0.
void pack_gates(const float* weights, long units, long gates, float* packed, long first_block,
                long end_block) {
  const long end = end_block * block < units ? end_block * block : units;
  for (long k = 0; k < units; k++) {  // In row order, for the hardware prefetcher.
    for (long g = 0; g < gates; g++) {
      const float* from = weights + (k * gates + g) * units;
      for (long unit = first_block * block; unit < end; unit += lanes) {
        float* to = packed + (unit * units + k * lanes) * gates + g * lanes;
        *reinterpret_cast<Vec*>(to) = load(from + unit, units - unit);
      }
    }
  }
}

// [units, depth] -> transposed, for each block of units [depth, vectors of the block, lanes].
void pack_transposed(const float* weights, long units, long depth, float* packed, long first_block,
                     long end_block) {
  for (long unit = first_block * block; unit < units && unit < end_block * block; unit += block) {
    float* const panel = packed + unit * depth;
    const long own = units - unit < block ? units - unit : block;
    const long width = (own + lanes - 1) / lanes * lanes;
    constexpr long piece = 16;  // Small enough that the output stays in the cache.
    for (long from = 0; from < depth; from += piece) {
      const long end = from + piece < depth ? from + piece : depth;
      for (long n = 0; n < width; n++) {
        for (long k = from; k < end; k++) {
          panel[k * width + n] = n < own ? weights[(unit + n) * depth + k] : 0.0f;
        }
      }
    }
  }
}

}  // namespace
