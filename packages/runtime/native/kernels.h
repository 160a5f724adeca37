// What each instruction set implements, see kernels.cc, and what the operations call.
#pragma once

#include <cstdint>

#include "pool.h"

// One thread's share of a sequence: some rows of the batch, and of their units some blocks. Where
// several threads share rows, they meet at the barrier after each step.
struct Part {
  long first_row, end_row;
  long first_block, end_block;
  long group;        // The number of these rows' group.
  Barrier* barrier;  // Null where these rows are this thread's alone.
};

// All tensors are row-major; a null `peephole` or `lengths` means none.
struct LstmForward {
  long batch, steps, units;
  const float* sums;       // x W_x, [batch, steps, 4 units], gates: input, candidate, forget, output
  const float* bias;       // [4 units]
  const float* recurrent;  // W_h, [units, 4 units]
  const float* peephole;   // [3, units]: of the input, forget and output gate
  const int32_t* lengths;  // [batch]
  const float* h0;         // [batch, units]
  const float* c0;
  float* packed;   // `packed_floats(units, 4)`
  float* hidden;   // [batch, steps, units]; 0 behind a row's length
  float* cells;    // [batch, steps, units]
  float* gates;    // [batch, steps, 4 units], after their activation
  float* h_last;   // [batch, units]
  float* c_last;
};

struct LstmBackward {
  long batch, steps, units;
  const float* gates;
  const float* cells;
  const float* recurrent;
  const float* peephole;
  const int32_t* lengths;
  const float* c0;
  const float* d_hidden;
  float* packed;      // `packed_floats(units, 4)`
  float* d_gates;     // [batch, steps, 4 units], before their activation
  float* dh;          // [batch, units]: of the last state, becomes that of the first
  float* dc;
  float* d_weights;   // [groups, 7 units], set to 0: of bias and peephole, summed over a group's rows
};

struct Kernels {
  const char* name;
  long block;  // Units of one block.
  void (*pack_lstm_forward)(const LstmForward&, long first_block, long end_block);
  void (*lstm_forward)(const LstmForward&, const Part&);
  void (*pack_lstm_backward)(const LstmBackward&, long first_block, long end_block);
  void (*lstm_backward)(const LstmBackward&, const Part&);
};

// Those of the best instruction set that this processor has.
const Kernels& kernels();

// Floats that the packed recurrent weights of some gates take: units are padded to whole blocks.
long packed_floats(long units, long gates);
