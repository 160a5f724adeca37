// The kernels for one instruction set. Compiled once for each, with its flags and the macros
// ATTEND_ISA (its name) and ATTEND_LANES (floats in a vector). Only the table of kernels may be
// visible outside, and templates of the standard library must not be used here: the linker could
// pick an instantiation with instructions that the processor lacks for code that all share.
#include "kernels.h"

#include "adam-step.h"
#include "attention.h"
#include "convolution.h"
#include "few-rows.h"
#include "gru.h"
#include "half.h"
#include "heads.h"
#include "lstm.h"
#include "matrix-product.h"
#include "rnn.h"
#include "row-wise.h"

#define JOIN(a, b) a##b
#define NAME(isa) JOIN(kernels_, isa)
#define STRING(text) #text
#define TEXT(isa) STRING(isa)

namespace {

void pack_forward(const Sequence& o, long first_block, long end_block) {
  pack_gates(o.recurrent, o.units, o.gates, o.packed, first_block, end_block);
}

void pack_backward(const Sequence& o, long first_block, long end_block) {
  pack_transposed(o.recurrent, o.units, o.gates * o.units, o.packed, first_block, end_block);
}

}  // namespace

extern const Kernels NAME(ATTEND_ISA);
const Kernels NAME(ATTEND_ISA) = {
    TEXT(ATTEND_ISA), block,       pack_forward, pack_backward, lstm_forward,
    lstm_backward,    gru_forward, gru_backward, rnn_forward,   rnn_backward,
    adam_step,     convolve,    filter_rows,  pack_block,    activate_all,
    few_rows,      few_rows_packed, few_rows_transposed,
    lstm_gates,    attend_rows, attend_heads, attend_heads_backward, attend_slots, normalize_rows,
    normalize_rows_backward, cross_entropy_rows, cross_entropy_rows_backward, drop_elements, top_k_rows,
    product_scratch, multiply_matrices, decode_halves,
};
