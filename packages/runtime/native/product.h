// Matrix products of few rows with packed weights. Part of kernels.cc.
#pragma once

#include "simd.h"

namespace {

// Rows per tile: with four vectors per row, the sums just fit into the registers.
#if ATTEND_LANES == 16 || defined(__aarch64__)
constexpr int tile_rows = 6;
#else
constexpr int tile_rows = 3;
#endif

// sums[r][n] += sum over k of a[r][k] panel[k][n], for `rows` rows and `vectors` vectors of columns.
template <int rows, int vectors>
INLINE void add_product(const float* a, long stride, const float* panel, long depth,
                        Vec (&sums)[rows][vectors]) {
  for (long k = 0; k < depth; k++, panel += vectors * lanes) {
    Vec b[vectors];
#pragma GCC unroll 4
    for (int n = 0; n < vectors; n++) b[n] = load_packed(panel + n * lanes);
#pragma GCC unroll 6
    for (int r = 0; r < rows; r++) {
      const float factor = a[r * stride + k];
#pragma GCC unroll 4
      for (int n = 0; n < vectors; n++) sums[r][n] += factor * b[n];
    }
  }
}

template <int rows, int vectors>
INLINE void multiply(const float* a, long stride, const float* panel, long depth,
                     Vec (&sums)[rows][vectors]) {
  for (auto& row : sums) {
    for (Vec& sum : row) sum = Vec{};
  }
  add_product<rows, vectors>(a, stride, panel, depth, sums);
}

template <int rows>
struct Rows {
  static constexpr int count = rows;
};

// Calls `body(Rows<n>, first)` for tiles of about equal size that cover rows `begin` to `end`.
template <typename Body>
INLINE void for_tiles(long begin, long end, const Body& body) {
  const long tiles = (end - begin + tile_rows - 1) / tile_rows;
  for (long i = 0; i < tiles; i++) {
    const long first = begin + (end - begin) * i / tiles;
    const long next = begin + (end - begin) * (i + 1) / tiles;
    switch (next - first) {
      case 1: body(Rows<1>(), first); break;
      case 2: body(Rows<2>(), first); break;
      case 3: body(Rows<3>(), first); break;
#if ATTEND_LANES == 16 || defined(__aarch64__)
      case 4: body(Rows<4>(), first); break;
      case 5: body(Rows<5>(), first); break;
      case 6: body(Rows<6>(), first); break;
#endif
    }
  }
}

}  // namespace
