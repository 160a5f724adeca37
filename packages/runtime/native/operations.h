// What the addon does when loaded: each file of operations registers its own.
#pragma once

#include "kernels.h"

void register_lstm();
void register_gru();
void register_rnn();
void register_adam();
void register_attention();
void register_convolution();
void register_dense();
void register_half();
void register_heads();
void register_row_wise();

// Runs on the thread pool; with size 1 it is the product of a linear layer.
void convolve(const Convolution& o);

// Makes large blocks of memory cheap to allocate again.
void keep_freed_memory();

// Gives up the pages of libtensorflow that only loading it needed.
void release_library_pages();
