// What the addon does when it is loaded: each file of operations registers its own.
#pragma once

void register_lstm();
void register_gru();
void register_rnn();
void register_adam();
void register_attention();
void register_convolution();
void register_few_rows();
void register_heads();
void register_row_wise();

// Makes large blocks of memory cheap to allocate again.
void keep_freed_memory();
