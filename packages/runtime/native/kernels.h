// What each instruction set implements (kernels.cc) and the operations call: Adam's step, the loops
// over the time steps of recurrent networks, convolutions, and the operations of a decoding step.
// All tensors are row-major; a null pointer means that the tensor is absent.
#pragma once

#include <cstdint>

#include "adam.h"

class Barrier;

// One thread's share of a sequence: a range of batch rows, and a range of blocks of their units.
struct Part {
  long first_row, end_row;
  long first_block, end_block;
  long group;        // The index of the rows' group.
  Barrier* barrier;  // Synchronizes threads that share rows, after each step; null if one thread has the rows.
};

struct Sequence {
  long batch, steps, units;
  long gates;              // Pre-activations per unit.
  const float* recurrent;  // W_h, [units, gates units]
  const int32_t* lengths;  // [batch]; a row's state does not change past its length. Null: all are `steps`.
  float* packed;           // The recurrent weights as the loop reads them, `packed_floats()` floats.
};

struct Forward : Sequence {
  const float* sums;  // x W_x, [batch, steps, gates units]
  const float* bias;  // [gates units]
  const float* h0;    // [batch, units]
  float* hidden;      // [batch, steps, units]; 0 past a row's length
  float* h_last;      // [batch, units]
};

struct Backward : Sequence {
  const float* h0;
  const float* hidden;
  const float* d_hidden;   // [batch, steps, units]
  float* d_sums;           // [batch, steps, gates units]
  const float* d_product;  // Of h W_h; equal to `d_sums`, except for the GRU.
  float* dh;               // [batch, units]: of the last state on entry, of the first on return.
  float* d_rest;           // [groups, floats per unit, units], initially 0: gradients summed over steps.
};

// Gates: input, candidate, forget, output.
struct LstmForward : Forward {
  const float* peephole;  // [3, units]: of the input, forget and output gates
  const float* c0;        // [batch, units]
  float* cells;           // [batch, steps, units]
  float* activations;     // [batch, steps, 4 units]: the gates
  float* c_last;          // [batch, units]
};

struct LstmBackward : Backward {  // d_rest: bias 4, peephole 3
  const float* peephole;
  const float* c0;
  const float* cells;
  const float* activations;
  float* dc;  // Like dh.
};

// Gates: reset, update, candidate.
struct GruForward : Forward {
  const float* candidate_bias;  // [units]
  float* activations;           // [batch, steps, 4 units]: the gates, then h W_hn + b_hn
};

struct GruBackward : Backward {  // d_rest: bias 3, candidate bias 1
  const float* activations;
  float* d_recurrent;  // [batch, steps, 3 units], the same as d_product
};

struct RnnForward : Forward {
  bool relu;  // Otherwise tanh.
};

struct RnnBackward : Backward {  // d_rest: bias 1
  bool relu;
};

enum Activation { linear = 0, relu = 1, relu6 = 2, gelu_activation = 3, tanh_activation = 4, sigmoid_activation = 5 };

struct Convolution {
  long batch, height, width, channels;
  long out_height, out_width, out_channels;
  long size, stride, pad_top, pad_left;  // Of the filter.
  int activation;
  const float* input;    // [batch, height, width, channels]
  // [size, size, channels, out_channels], depthwise [size, size, channels, 1], transposed (size 1
  // only) [out_channels, channels]
  const float* weights;
  bool transposed;
  bool packed;           // The weights, by `pack_block`; size 1 only.
  const float* bias;     // [out_channels]; null: 0
  float* output;         // [batch, out_height, out_width, out_channels]
};

// A range of output pixels of all images, and one block of output channels.
struct ConvolutionTask {
  long first, end, block;
  float* packed;   // A block of the packed weights.
  float* windows;  // [end - first, size * size * channels]; unused if the input is read directly.
};

constexpr long most_few_rows = 8;

struct FewRows {
  long rows, depth, columns;
  const float* x;        // [rows, depth]
  const float* weights;  // [depth, columns], transposed [columns, depth], or packed by `pack_block`
  float* y;              // [rows, columns]
};

// c = a b. A matrix's numbers are `row` apart from row to row, and `column` from column to column.
struct MatrixProduct {
  long rows, columns, depth;
  const float* a;  // [rows, depth]
  long a_row, a_column;
  const float* b;  // [depth, columns]
  long b_row, b_column;
  float* c;        // [rows, columns]
  long c_row;
};

struct LstmStep {
  long rows, inputs, units;
  const float* x;          // [rows, inputs]
  const float *h, *c;      // [rows, units]
  const float* kernel;     // [inputs + units, 4 units]
  const float* bias;       // [4 units]
  float *new_h, *new_c;
};

struct LstmGates {
  long rows, units;
  const float* sums;  // [rows, 4 units]
  const float* c;     // [rows, units]
  float *new_h, *new_c;
};

struct Attention {
  long positions, size, value_size;
  const float* queries;   // [rows, size]
  const float* keys;      // [memories, positions, size]
  const float* vector;    // [size]: the score is additive. Null: it is the dot product.
  const float* values;    // [memories, positions, value_size]
  const int32_t* memory_indices;  // [rows]: the memory of each row
  float* context;         // [rows, value_size]
  float* weights;         // [rows, positions]
};

// Several heads side by side, each `head_size` wide; memory is keys, then values.
struct Heads {
  long rows, count, positions, heads, head_size;
  bool causal;            // Query i attends to positions up to i.
  float scale;            // Of the scores.
  const float* queries;   // [rows, count, heads head_size]
  const float* memory;    // [rows, positions, 2 heads head_size]
  const int32_t* lengths; // [rows]: valid positions of each row. Null: all.
  const float* dropout_mask;      // [rows, heads, count, positions]: dropout mask on the weights. Null: 1.
  float* context;         // Like queries.
  float* weights;         // Like the dropout mask; 0 at masked positions.
};

struct HeadsBackward : Heads {
  const float* d_context;
  const float* d_weights;
  float* d_queries;
  float* d_memory;
};

// Attention with one query per row over some of the slots.
struct SlotAttention {
  long positions, heads, head_size;
  float scale;
  const float* queries;   // [rows, heads head_size]
  const float* memory;    // [slots, 2 heads head_size]
  const int32_t* slots;   // [rows, positions]; a row ends at the first negative slot
  float* context;         // [rows, heads head_size]
  float* weights;         // [rows, heads, positions]
};

struct LayerNorm {
  long size;
  float epsilon;
  const float* x;       // [rows, size]
  const float* scale;   // [size]
  const float* offset;  // [size]
  float* y;             // [rows, size]
  float* moments;       // [rows, 2]: the mean and the reciprocal standard deviation
};

struct LayerNormBackward {
  long size;
  const float *x, *scale, *moments, *dy;
  float* dx;
};

struct CrossEntropy {
  long classes;
  float smoothing;
  const float* logits;     // [rows, classes]
  const int32_t* targets;  // [rows]
  float* loss;             // [rows]
  float* logarithms;       // [rows]: log sum exp of the logits
  const float* d_loss;
  float* d_logits;
};

struct Dropout {
  uint32_t seeds[2];
  uint32_t threshold;  // Random bits below it drop the element.
  float scale;
  const float* x;
  float* y;
};

struct TopK {
  long columns, count;
  const float* logits;   // [rows, columns]
  const float* added;    // [columns]
  float* probabilities;  // [rows, count]
  int32_t* indices;      // [rows, count]
};

struct Kernels {
  const char* name;
  long block;  // Units per block.
  void (*pack_forward)(const Sequence&, long first_block, long end_block);
  void (*pack_backward)(const Sequence&, long first_block, long end_block);
  void (*lstm_forward)(const LstmForward&, const Part&);
  void (*lstm_backward)(const LstmBackward&, const Part&);
  void (*gru_forward)(const GruForward&, const Part&);
  void (*gru_backward)(const GruBackward&, const Part&);
  void (*rnn_forward)(const RnnForward&, const Part&);
  void (*rnn_backward)(const RnnBackward&, const Part&);
  void (*adam_step)(const AdamParameter&, const AdamSettings&, long begin, long end);
  void (*convolve)(const Convolution&, const ConvolutionTask&);
  void (*filter_rows)(const Convolution&, long first_row, long end_row);
  void (*pack_block)(const float* weights, long depth, long channels, long index, float* packed);
  void (*activate_all)(float* x, long count, int activation);
  // Adds the contribution of the weights' rows `begin` to `end` to `y`.
  void (*few_rows)(const FewRows&, long begin, long end, float* y);
  // Blocks of columns of weights that `pack_block` packed; sums like those of `parts` calls of `few_rows`.
  void (*few_rows_packed)(const FewRows&, const float* bias, long parts, long first_block, long end_block);
  // Columns `begin` to `end`.
  void (*few_rows_transposed)(const FewRows&, long begin, long end);
  void (*lstm_gates)(const LstmGates&);
  void (*attend_rows)(const Attention&, long first, long end);
  // Heads `first` to `end` of the `rows * heads`; `scratch` has `heads_scratch` floats.
  void (*attend_heads)(const Heads&, long first, long end, float* scratch);
  void (*attend_heads_backward)(const HeadsBackward&, long first, long end, float* scratch);
  void (*attend_slots)(const SlotAttention&, long first, long end);
  void (*normalize_rows)(const LayerNorm&, long first, long end);
  // Adds to `d_scale` and `d_offset`, [size].
  void (*normalize_rows_backward)(const LayerNormBackward&, long first, long end, float* d_scale,
                                  float* d_offset);
  void (*cross_entropy_rows)(const CrossEntropy&, long first, long end);
  void (*cross_entropy_rows_backward)(const CrossEntropy&, long first, long end);
  void (*drop_elements)(const Dropout&, long first, long end);
  // `row` has room for the columns of one row.
  void (*top_k_rows)(const TopK&, long first, long end, float* row);
  long product_scratch;  // Floats of scratch for `multiply_matrices`.
  void (*multiply_matrices)(const MatrixProduct&, float* scratch);
  void (*decode_halves)(const uint16_t* from, float* to, long first, long end);
};

// The kernels of the best instruction set that this processor supports.
const Kernels& kernels();

// The number of floats in the packed recurrent weights: units are padded to whole blocks.
long packed_floats(long units, long gates);

// Scratch floats per thread for multi-head attention: one head's keys as columns, and two rows of
// scores.
inline long heads_scratch(const Heads& o) {
  return (o.head_size + 2) * ((o.positions + kernels().block - 1) / kernels().block * kernels().block);
}
