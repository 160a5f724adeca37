// The operations AttendConvolution and AttendDepthwiseConvolution (one filter per channel):
// TensorFlow's 'same' padding (the odd pixel goes to the bottom right), bias and activation.
#include <algorithm>
#include <memory>
#include <string>

#include "kernels.h"
#include "operation.h"
#include "operations.h"
#include "pool.h"
#include "share.h"

namespace {

// Input floats that a task rereads for each block of channels: half of a typical L2 cache.
constexpr long task_floats = 1 << 16;
// Multiplications that justify another thread.
constexpr long products_worth_a_thread = 1 << 16;

struct Attributes {
  int32_t stride, activation;
};

void* create(TF_OpKernelConstruction* construction) {
  auto attributes = std::make_unique<Attributes>();
  attributes->stride = attribute(construction, "stride");
  attributes->activation = attribute(construction, "activation");
  return attributes.release();
}

void destroy(void* attributes) { delete static_cast<Attributes*>(attributes); }

long padding(long size, long out, long filter, long stride) {
  return std::max((out - 1) * stride + filter - size, 0L) / 2;
}

void filter(const Convolution& o) {
  const long rows = o.batch * o.out_height;
  const long products = rows * o.out_width * o.channels * o.size * o.size;
  const long threads = std::clamp(products / products_worth_a_thread, 1L,
                                  static_cast<long>(pool_threads()));
  const long tasks = threads == 1 ? 1 : std::min(rows, 4 * threads);
  parallel(static_cast<int>(tasks),
           [&](long i) { kernels().filter_rows(o, rows * i / tasks, rows * (i + 1) / tasks); });
}

template <bool depthwise>
void compute(void* given, TF_OpKernelContext* context) {
  const Attributes& attributes = *static_cast<Attributes*>(given);
  Operation::run(context, [&](Operation& call) {
    const auto input = call.input(0, "input"), kernel = call.input(1, "kernel");
    const auto bias = call.input(2, "bias");
    Convolution o{};
    o.batch = input.dim(0), o.height = input.dim(1), o.width = input.dim(2), o.channels = input.dim(3);
    o.size = kernel.dim(0), o.stride = attributes.stride, o.activation = attributes.activation;
    o.out_channels = depthwise ? o.channels : kernel.dim(3);
    if (o.stride < 1) throw std::invalid_argument("stride " + std::to_string(o.stride));
    o.out_height = (o.height + o.stride - 1) / o.stride;
    o.out_width = (o.width + o.stride - 1) / o.stride;
    o.pad_top = padding(o.height, o.out_height, o.size, o.stride);
    o.pad_left = padding(o.width, o.out_width, o.size, o.stride);
    o.input = input.data<float>({o.batch, o.height, o.width, o.channels});
    o.weights = kernel.data<float>({o.size, o.size, o.channels, depthwise ? 1 : o.out_channels});
    o.bias = bias.data<float>({o.out_channels});
    o.output = call.output(0, {o.batch, o.out_height, o.out_width, o.out_channels});
    if (o.batch * o.out_height * o.out_width * o.out_channels == 0) return;
    depthwise ? filter(o) : convolve(o);
  });
}

}  // namespace

void convolve(const Convolution& o) {
  const long pixels = o.batch * o.out_height * o.out_width;
  const long depth = o.size * o.size * o.channels;
  const long blocks = (o.out_channels + kernels().block - 1) / kernels().block;
  const long threads = std::clamp(pixels * depth * o.out_channels / products_worth_a_thread, 1L,
                                  static_cast<long>(pool_threads()));
  // Enough pixels per task to amortize packing the weights, and enough tasks to balance the load.
  const long fitting = std::clamp(task_floats / depth, 48L, 1024L);
  const long wanted = (4 * threads + blocks - 1) / blocks;
  const long pieces = std::max((pixels + fitting - 1) / fitting, std::min(wanted, pixels / 48));
  const long count = threads == 1 ? (pixels + fitting - 1) / fitting : std::max(pieces, 1L);
  const long most = (pixels + count - 1) / count;
  const bool direct = o.size == 1 && o.stride == 1;
  const auto run = [&](long i) {
    const long piece = i / blocks;
    const Scratch packed(o.packed ? 0 : depth * kernels().block), windows(direct ? 0 : most * depth);
    kernels().convolve(o, {pixels * piece / count, pixels * (piece + 1) / count, i % blocks,
                           packed.data(), windows.data()});
  };
  if (threads > 1) parallel(static_cast<int>(count * blocks), run);
  else for (long i = 0; i < count * blocks; i++) run(i);
}

void register_convolution() {
  const std::initializer_list<const char*> inputs = {"input: float", "kernel: float", "bias: float"};
  const std::initializer_list<const char*> attributes = {"stride: int", "activation: int"};
  const KernelState state = {create, destroy};
  register_operation("AttendConvolution", inputs, {"output: float"}, compute<false>, attributes, state);
  register_operation("AttendDepthwiseConvolution", inputs, {"output: float"}, compute<true>, attributes,
                     state);
}
