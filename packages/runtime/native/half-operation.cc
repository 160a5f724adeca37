// The operation AttendDecodeHalf: float32 numbers from the bytes of float16 numbers.
#include "kernels.h"
#include "operation.h"
#include "operations.h"
#include "pool.h"

namespace {

void decode_half(void*, TF_OpKernelContext* context) {
  Operation::run(context, [](Operation& call) {
    const auto bytes = call.input(0, "bytes");
    Shape shape = bytes.shape();
    if (shape.empty() || shape.back() != 2) throw std::invalid_argument("bytes are not two a number");
    const auto* const halves = reinterpret_cast<const uint16_t*>(bytes.data<uint8_t>(shape));
    shape.pop_back();
    float* const numbers = call.output(0, shape);
    const long size = bytes.size() / 2;
    share_rows(size, size, [&](long first, long end) { kernels().decode_halves(halves, numbers, first, end); });
  });
}

}  // namespace

void register_half() {
  register_operation("AttendDecodeHalf", {"bytes: uint8"}, {"numbers: float"}, decode_half);
}
