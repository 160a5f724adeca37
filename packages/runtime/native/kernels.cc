// The loops for one instruction set. Compiled once for each, with its flags and the macros ATTEND_ISA
// (its name) and ATTEND_LANES (floats in a vector), so nothing here may be seen outside, or the
// linker could take an instruction that the processor lacks into common code.
#include "kernels.h"

#include "lstm.h"

#define JOIN(a, b) a##b
#define NAME(isa) JOIN(kernels_, isa)
#define STRING(text) #text
#define TEXT(isa) STRING(isa)

namespace {

void pack_lstm_forward(const LstmForward& o, long first_block, long end_block) {
  pack_gates(o.recurrent, o.units, 4, o.packed, first_block, end_block);
}

void pack_lstm_backward(const LstmBackward& o, long first_block, long end_block) {
  pack_transposed(o.recurrent, o.units, 4 * o.units, o.packed, first_block, end_block);
}

}  // namespace

extern const Kernels NAME(ATTEND_ISA);
const Kernels NAME(ATTEND_ISA) = {
    TEXT(ATTEND_ISA), block, pack_lstm_forward, lstm_forward, pack_lstm_backward, lstm_backward,
};
