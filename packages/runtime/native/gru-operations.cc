// The operations AttendGru and AttendGruGrad.
#include "operations.h"
#include "sequence-call.h"

namespace {

void forward(void*, TF_OpKernelContext* context) {
  Operation::run(context, [](Operation& call) {
    call_forward<GruForward>(call, 3, kernels().gru_forward, [&](GruForward& o, const auto& run) {
      const auto candidate_bias = call.input(5, "candidate_bias");
      o.candidate_bias = candidate_bias.data<float>({o.units});
      o.activations = call.output(2, {o.batch, o.steps, 4 * o.units});
      run();
    });
  });
}

void backward(void*, TF_OpKernelContext* context) {
  Operation::run(context, [](Operation& call) {
    call_backward<GruBackward>(call, 3, 4, kernels().gru_backward, [&](GruBackward& o, const auto& run) {
      const auto activations = call.input(7, "activations");
      o.activations = activations.data<float>({o.batch, o.steps, 4 * o.units});
      o.d_product = o.d_recurrent = call.output(3, {o.batch, o.steps, 3 * o.units});
      run();
    });
  });
}

}  // namespace

void register_gru() {
  register_operation("AttendGru", {ATTEND_FORWARD_INPUTS, "candidate_bias: float"},
                     {ATTEND_FORWARD_OUTPUTS, "activations: float"}, forward);
  register_operation("AttendGruGrad",
                     {ATTEND_BACKWARD_INPUTS, "candidate_bias: float", "activations: float"},
                     {ATTEND_BACKWARD_OUTPUTS, "d_recurrent: float"}, backward);
}
