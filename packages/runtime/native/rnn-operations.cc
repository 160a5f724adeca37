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
  register_operation("AttendRnn", {ATTEND_FORWARD_INPUTS}, {ATTEND_FORWARD_OUTPUTS}, forward<false>);
  register_operation("AttendReluRnn", {ATTEND_FORWARD_INPUTS}, {ATTEND_FORWARD_OUTPUTS}, forward<true>);
  register_operation("AttendRnnGrad", {ATTEND_BACKWARD_INPUTS}, {ATTEND_BACKWARD_OUTPUTS}, backward<false>);
  register_operation("AttendReluRnnGrad", {ATTEND_BACKWARD_INPUTS}, {ATTEND_BACKWARD_OUTPUTS}, backward<true>);
}
