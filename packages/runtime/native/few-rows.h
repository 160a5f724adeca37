// Products of few rows, where the cost is reading the weights once, and the LSTM step based on them.
// Part of kernels.cc.
#pragma once

#include "kernels.h"
#include "lstm.h"
#include "pack.h"
#include "product.h"

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

// A block of columns with packed weights. Each part of the weights' rows has a sum of its own, as when threads share
// unpacked ones: the result is the same to the last bit.
template <int vectors>
INLINE void multiply_packed(const FewRows& o, const float* bias, long parts, long first) {
  const float* const panel = o.weights + first * o.depth;
  for_tiles(0, o.rows, [&](auto rows, long row) {
    constexpr int count = decltype(rows)::count;
    const float* const x = o.x + row * o.depth;
    Vec sums[count][vectors]{};
    if (bias != nullptr) {
      for (int n = 0; n < vectors; n++) {
        for (auto& sum : sums) sum[n] = load(bias + first + n * lanes, lanes);
      }
    }
    add_product<count, vectors>(x, o.depth, panel, o.depth / parts, sums);
    for (long part = 1; part < parts; part++) {
      const long begin = o.depth * part / parts, end = o.depth * (part + 1) / parts;
      Vec more[count][vectors];
      multiply<count, vectors>(x + begin, o.depth, panel + begin * vectors * lanes, end - begin, more);
      for (int r = 0; r < count; r++) {
        for (int n = 0; n < vectors; n++) sums[r][n] += more[r][n];
      }
    }
    for (int r = 0; r < count; r++) {
      for (int n = 0; n < vectors; n++) store(o.y + (row + r) * o.columns + first + n * lanes, sums[r][n], lanes);
    }
  });
}

void few_rows_packed(const FewRows& o, const float* bias, long parts, long first_block, long end_block) {
  for (long first = first_block * block; first < o.columns && first < end_block * block; first += block) {
    with_vectors(o.columns - first, [&](auto vectors) {
      multiply_packed<decltype(vectors)::count>(o, bias, parts, first);
    });
  }
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
