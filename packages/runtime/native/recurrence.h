// The forward and backward loops over time steps that all cells share. Part of kernels.cc.
//
// A cell provides `gates`, the number of its pre-activations, and two functions for one row and one
// vector of units: `forward` computes h_t from sums = x W_x + b + h_{t-1} W_h, and `backward`
// computes the gradients of the sums and the part of dh_{t-1} that does not go through W_h; the
// other part is d_product W_h^T. `hold` and `skip` do the same for a row past its length.
#pragma once

#include "barrier.h"
#include "kernels.h"
#include "pack.h"
#include "product.h"

namespace {

// A vector of units: the row, the step, the first unit and the number of units.
struct Position {
  long row, step, unit, count;
};

// The offset of the vector in tensors [batch, steps, gates units] and [batch, units].
INLINE long index_of(const Sequence& o, const Position& at, long gates = 1, long gate = 0) {
  return ((at.row * o.steps + at.step) * gates + gate) * o.units + at.unit;
}

INLINE long index_of_state(const Sequence& o, const Position& at) {
  return at.row * o.units + at.unit;
}

// The state before the step.
INLINE Vec before(const Sequence& o, const Position& at, const float* initial, const float* states) {
  if (at.step == 0) return load(initial + index_of_state(o, at), at.count);
  return load(states + index_of(o, at) - o.units, at.count);
}

INLINE bool is_live(const Sequence& o, long row, long step) {
  return o.lengths == nullptr || step < o.lengths[row];
}

INLINE bool any_live(const Sequence& o, long first, long rows, long step) {
  for (long row = first; row < first + rows; row++) {
    if (is_live(o, row, step)) return true;
  }
  return false;
}

INLINE long end_unit(const Sequence& o, const Part& part) {
  return part.end_block * block < o.units ? part.end_block * block : o.units;
}

INLINE void synchronize(const Part& part) {
  if (part.barrier != nullptr) part.barrier->wait();
}

template <typename Cell, int rows>
INLINE void forward_tile(const typename Cell::ForwardData& o, const typename Cell::Weights& weights,
                         long first, long unit, long step) {
  constexpr int gates = Cell::gates;
  if (!any_live(o, first, rows, step)) {
    for (int r = 0; r < rows; r++) Cell::hold(o, {first + r, step, unit, o.units - unit});
    return;
  }
  const long stride = step == 0 ? o.units : o.steps * o.units;
  const float* h = step == 0 ? o.h0 + first * stride : o.hidden + first * stride + (step - 1) * o.units;
  Vec sums[rows][gates];
  multiply<rows, gates>(h, stride, o.packed + unit * gates * o.units, o.units, sums);
  for (int r = 0; r < rows; r++) {
    const Position at = {first + r, step, unit, o.units - unit};
    if (is_live(o, at.row, step)) {
      const float* own = o.sums + index_of(o, at, gates);
      Vec inputs[gates];
      for (int g = 0; g < gates; g++) inputs[g] = load(own + g * o.units, at.count);
      store(o.hidden + index_of(o, at), Cell::forward(o, weights, at, inputs, sums[r]), at.count);
    } else {
      Cell::hold(o, at);
    }
  }
}

// Copies each row's state after its last step, from all states and the first one.
INLINE void last_state(const Sequence& o, const Part& part, const float* initial, const float* states,
                       float* last) {
  for (long row = part.first_row; row < part.end_row; row++) {
    const long length = o.lengths == nullptr ? o.steps : o.lengths[row];
    for (long unit = part.first_block * block; unit < end_unit(o, part); unit += lanes) {
      const Position at = {row, length, unit, o.units - unit};
      store(last + index_of_state(o, at), before(o, at, initial, states), at.count);
    }
  }
}

template <typename Cell>
INLINE void run_forward(const typename Cell::ForwardData& o, const Part& part) {
  for (long step = 0; step < o.steps; step++) {
    for (long unit = part.first_block * block; unit < end_unit(o, part); unit += lanes) {
      const typename Cell::Weights weights(o, unit);
      for_tiles(part.first_row, part.end_row, [&](auto rows, long first) {
        forward_tile<Cell, rows.count>(o, weights, first, unit, step);
      });
    }
    synchronize(part);
  }
  last_state(o, part, o.h0, o.hidden, o.h_last);
}

// dh += d_product W_h^T, for up to four vectors of units.
template <int rows, int vectors>
INLINE void state_gradient_tile(const Backward& o, long first, long unit, long step) {
  if (!any_live(o, first, rows, step)) return;
  const long depth = o.gates * o.units;
  Vec sums[rows][vectors];
  multiply<rows, vectors>(o.d_product + (first * o.steps + step) * depth, o.steps * depth,
                          o.packed + unit * depth, depth, sums);
  for (int r = 0; r < rows; r++) {
    for (int v = 0; v < vectors; v++) {
      const long own = unit + v * lanes, count = o.units - own;
      float* const dh = o.dh + (first + r) * o.units + own;
      store(dh, load(dh, count) + sums[r][v], count);
    }
  }
}

template <typename Cell>
INLINE void run_backward(const typename Cell::BackwardData& o, const Part& part) {
  for (long step = o.steps - 1; step >= 0; step--) {
    for (long unit = part.first_block * block; unit < end_unit(o, part); unit += lanes) {
      const typename Cell::Weights weights(o, unit);
      typename Cell::Gradients gradients{};
      for (long row = part.first_row; row < part.end_row; row++) {
        const Position at = {row, step, unit, o.units - unit};
        if (is_live(o, row, step)) Cell::backward(o, weights, at, gradients);
        else Cell::skip(o, at);
      }
      float* rest = o.d_rest + part.group * gradients.count * o.units + unit;
      for (const Vec& sum : gradients.sums) {
        store(rest, load(rest, o.units - unit) + sum, o.units - unit);
        rest += o.units;
      }
    }
    synchronize(part);
    const long end = end_unit(o, part);
    for (long unit = part.first_block * block; unit < end; unit += block) {
      with_vectors(end - unit, [&](auto vectors) {
        for_tiles(part.first_row, part.end_row, [&](auto rows, long first) {
          state_gradient_tile<rows.count, vectors.count>(o, first, unit, step);
        });
      });
    }
  }
}

}  // namespace
