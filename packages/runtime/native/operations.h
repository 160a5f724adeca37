// Each file of operations registers its own.
#pragma once

void register_lstm();
