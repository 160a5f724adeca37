// What the addon does when loaded: each file of operations registers its own.
#pragma once

#include "kernels.h"

void register_lstm();
void register_gru();
void register_rnn();
void register_adam();
void register_attention();
void register_convolution();
void register_decoder_layer_step();
void register_decoder_step();
void register_matrix_product();
void register_dense();
void register_half();
void register_heads();
void register_row_wise();
void register_rows();

// Runs on the thread pool; with size 1 it is the product of a linear layer.
void convolve(const Convolution& o);

// Products of 1 to `most_few_rows` rows, on the thread pool; a null bias is 0.
void multiply(const FewRows& o, const float* bias);
void multiply_packed(const FewRows& o, const float* bias);
void multiply_transposed(const FewRows& o, const float* bias);

// Fails for any other number of rows than those products can have.
void require_few(long rows);

// A product of any number of rows; packed weights are for few.
void multiply_any(const FewRows& o, const float* bias, bool packed, int activation);

// One step of any number of rows, on the thread pool.
void step_lstm(const LstmStep& o, bool packed);

// Fails unless all indices are below `limit`.
void check_indices(const char* what, const int32_t* indices, long count, long limit);

// On the thread pool, after checking the indices.
void attend(const Attention& o, long rows, long memories);

// Heads of the given total size over checked slots, on the thread pool; sets the size and scale of one head.
void attend_slots(SlotAttention& o, long rows, long size, long slot_count);

// Layer normalization of all rows, on the thread pool; input and output may be the same.
void normalize_all(const LayerNorm& o, long rows);

// Makes large blocks of memory cheap to allocate again.
void keep_freed_memory();

// Gives up the pages of libtensorflow that only loading it needed.
void release_library_pages();
