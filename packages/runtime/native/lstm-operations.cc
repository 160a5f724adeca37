// The operations AttendLstm and AttendLstmGrad.
#include "operations.h"
#include "sequence-call.h"

namespace {

void forward(void*, TF_OpKernelContext* context) {
  Operation::run(context, [](Operation& call) {
    call_forward<LstmForward>(call, 4, kernels().lstm_forward, [&](LstmForward& o, const auto& run) {
      const auto c = call.input(5, "c"), peephole = call.input(6, "peephole");
      o.c0 = c.data<float>({o.batch, o.units});
      o.peephole = optional_in(peephole, {3, o.units});
      o.c_last = call.output(2, {o.batch, o.units});
      o.cells = call.output(3, {o.batch, o.steps, o.units});
      o.activations = call.output(4, {o.batch, o.steps, 4 * o.units});
      run();
    });
  });
}

void backward(void*, TF_OpKernelContext* context) {
  Operation::run(context, [](Operation& call) {
    const auto loop = kernels().lstm_backward;
    call_backward<LstmBackward>(call, 4, 7, loop, [&](LstmBackward& o, const auto& run) {
      const auto d_c = call.input(6, "d_c"), c = call.input(7, "c");
      const auto peephole = call.input(8, "peephole"), cells = call.input(9, "cells");
      const auto activations = call.input(10, "activations");
      o.c0 = c.data<float>({o.batch, o.units});
      o.cells = cells.data<float>({o.batch, o.steps, o.units});
      o.activations = activations.data<float>({o.batch, o.steps, 4 * o.units});
      o.peephole = optional_in(peephole, {3, o.units});
      o.dc = call.output(3, {o.batch, o.units});
      std::copy_n(d_c.data<float>({o.batch, o.units}), o.batch * o.units, o.dc);
      run();
    });
  });
}

}  // namespace

void register_lstm() {
  register_operation(
      "AttendLstm", {ATTEND_FORWARD_INPUTS, "c: float", "peephole: float"},
      {ATTEND_FORWARD_OUTPUTS, "c_last: float", "cells: float", "activations: float"}, forward);
  register_operation("AttendLstmGrad",
                     {ATTEND_BACKWARD_INPUTS, "d_c: float", "c: float", "peephole: float",
                      "cells: float", "activations: float"},
                     {ATTEND_BACKWARD_OUTPUTS, "dc: float"}, backward);
}
