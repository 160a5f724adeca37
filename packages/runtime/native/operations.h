// Each file of operations registers its own.
#pragma once

void register_lstm();
void register_gru();
void register_rnn();
