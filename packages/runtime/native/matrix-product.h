// Products of large matrices, each either as it is or transposed, by blocks that fit into the caches (Goto & van de Geijn
// 2008, "Anatomy of High-Performance Matrix Multiplication"). Part of kernels.cc.
#pragma once

#include "kernels.h"
#include "simd.h"

namespace {

// A tile's sums, with its two vectors of b and a factor of a, fill the registers.
#if ATTEND_LANES == 16 || defined(__aarch64__)
constexpr long tile_height = 14;
#else
constexpr long tile_height = 6;
#endif
constexpr long tile_width = 2 * lanes;

constexpr long depth_block = 512;                   // Long enough to pay for reading and writing the sums.
constexpr long row_block = 96 / tile_height * tile_height;  // A packed block of a stays in the L2 cache.
constexpr long column_block = 1024;                 // A packed block of b stays in the L3 cache.

INLINE long least(long a, long b) { return a < b ? a : b; }

// `count` vectors of `depth` numbers -> for each `width` of them [depth, width], padded with 0. Numbers are `along` apart in a
// vector, and vectors `across`.
template <long width>
void pack_vectors(const float* from, long across, long along, long count, long depth, float* to) {
  for (long first = 0; first < count; first += width, from += width * across, to += width * depth) {
    const long own = least(width, count - first);
    if (across == 1) {
      for (long k = 0; k < depth; k++) {
        float* const row = to + k * width;
        if (own == width) std::memcpy(row, from + k * along, width * sizeof(float));
        else for (long i = 0; i < width; i++) row[i] = i < own ? from[k * along + i] : 0.0f;
      }
      continue;
    }
    constexpr long piece = 16;  // Small enough that the output stays in the cache.
    for (long begin = 0; begin < depth; begin += piece) {
      const long end = least(begin + piece, depth);
      for (long i = 0; i < width; i++) {
        for (long k = begin; k < end; k++) to[k * width + i] = i < own ? from[i * across + k * along] : 0.0f;
      }
    }
  }
}

// c (+)= a b for one tile, `rows` x `columns` of which exist; a is [depth, tile_height], b [depth, tile_width].
INLINE void multiply_tile(const float* a, const float* b, long depth, float* c, long stride, long rows,
                          long columns, bool add) {
  // They are mostly in no cache, and each row is in a page of its own.
#pragma GCC unroll 14
  for (long r = 0; r < tile_height; r++) {
    if (r < rows) __builtin_prefetch(c + r * stride, 1), __builtin_prefetch(c + r * stride + tile_width - 1, 1);
  }
  Vec sums[tile_height][2]{};
  for (long k = 0; k < depth; k++, a += tile_height, b += tile_width) {
    const Vec left = load_packed(b), right = load_packed(b + lanes);
#pragma GCC unroll 14
    for (long r = 0; r < tile_height; r++) {
      sums[r][0] += a[r] * left;
      sums[r][1] += a[r] * right;
    }
  }
#pragma GCC unroll 14
  for (long r = 0; r < tile_height; r++) {
    if (r >= rows) break;
    for (long n = 0; n < 2 && n * lanes < columns; n++) {
      float* const to = c + r * stride + n * lanes;
      const long count = columns - n * lanes;
      store(to, add ? load(to, count) + sums[r][n] : sums[r][n], count);
    }
  }
}

void multiply_matrices(const MatrixProduct& o, float* scratch) {
  float* const a = scratch;
  float* const b = scratch + row_block * depth_block;
  for (long column = 0; column < o.columns; column += column_block) {
    const long columns = least(column_block, o.columns - column);
    for (long k = 0; k < o.depth; k += depth_block) {
      const long depth = least(depth_block, o.depth - k);
      pack_vectors<tile_width>(o.b + k * o.b_row + column * o.b_column, o.b_column, o.b_row, columns, depth, b);
      for (long row = 0; row < o.rows; row += row_block) {
        const long rows = least(row_block, o.rows - row);
        pack_vectors<tile_height>(o.a + row * o.a_row + k * o.a_column, o.a_row, o.a_column, rows, depth, a);
        for (long n = 0; n < columns; n += tile_width) {
          for (long m = 0; m < rows; m += tile_height) {
            multiply_tile(a + m * depth, b + n * depth, depth, o.c + (row + m) * o.c_row + column + n, o.c_row,
                          rows - m, columns - n, k > 0);
          }
        }
      }
    }
  }
}

// Floats for the packed blocks.
constexpr long product_scratch = depth_block * (row_block + column_block);

}  // namespace
