// The operations AttendRnn and AttendRnnGrad, with tanh, and AttendReluRnn and AttendReluRnnGrad.
#include "operations.h"
#include "sequence-call.h"

namespace {

template <bool relu>
void forward(void*, TF_OpKernelContext* context) {
  Operation::run(context, [](Operation& call) {
    call_forward<RnnForward>(call, 1, kernels().rnn_forward, [](RnnForward& o, const auto& run) {
      o.relu = relu;
      run();
    });
  });
}

template <bool relu>
void backward(void*, TF_OpKernelContext* context) {
  Operation::run(context, [](Operation& call) {
    call_backward<RnnBackward>(call, 1, 1, kernels().rnn_backward, [](RnnBackward& o, const auto& run) {
      o.relu = relu;
      run();
    });
  });
}

}  // namespace

void register_rnn() {
  const auto inputs = {ATTEND_FORWARD_INPUTS}, outputs = {ATTEND_FORWARD_OUTPUTS};
  register_operation("AttendRnn", inputs, outputs, forward<false>);
  register_operation("AttendReluRnn", inputs, outputs, forward<true>);
  const auto seen = {ATTEND_BACKWARD_INPUTS}, gradients = {ATTEND_BACKWARD_OUTPUTS};
  register_operation("AttendRnnGrad", seen, gradients, backward<false>);
  register_operation("AttendReluRnnGrad", seen, gradients, backward<true>);
}
