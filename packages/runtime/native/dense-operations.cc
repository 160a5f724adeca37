// The operations AttendDense, `x w + b` with an activation, AttendDenseTransposed, with `w^T`, AttendDensePacked, with
// weights from AttendPack, AttendFewRows, the same with the sums of AttendDense for few rows, and AttendLstmStep and
// AttendLstmStepPacked, one LSTM step. None is differentiable.
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "kernels.h"
#include "operation.h"
#include "operations.h"
#include "pool.h"
#include "share.h"

namespace {

// Weights that justify another thread.
constexpr long weights_worth_a_thread = 1 << 15;
// States of an LSTM that do.
constexpr long states_worth_a_thread = 1 << 13;

long threads_for(const FewRows& o, long shares) {
  const long wanted = std::min(o.depth * o.columns / weights_worth_a_thread, shares);
  return std::clamp(wanted, 1L, static_cast<long>(pool_threads()));
}

enum class Layout { plain, transposed, packed };

// With many rows it pays off to pack the weights for the product.
void multiply_many(const FewRows& o, const float* bias, Layout layout, int activation) {
  Convolution c{};
  c.batch = c.width = c.out_width = c.size = c.stride = 1;
  c.height = c.out_height = o.rows, c.channels = o.depth, c.out_channels = o.columns;
  c.activation = activation;
  c.transposed = layout == Layout::transposed, c.packed = layout == Layout::packed;
  c.input = o.x, c.weights = o.weights, c.bias = bias, c.output = o.y;
  convolve(c);
}

}  // namespace

// y = x w + bias; a null bias is 0. Each thread sums over a range of the weights' rows.
void multiply(const FewRows& o, const float* bias) {
  const long size = o.rows * o.columns, threads = threads_for(o, o.depth);
  for (long row = 0; row < o.rows; row++) {
    float* const y = o.y + row * o.columns;
    if (bias == nullptr) std::fill_n(y, o.columns, 0.0f);
    else std::copy_n(bias, o.columns, y);
  }
  const Scratch partial((threads - 1) * size);
  std::fill_n(partial.data(), (threads - 1) * size, 0.0f);
  parallel(static_cast<int>(threads), [&](long i) {
    float* const y = i == 0 ? o.y : partial.data() + (i - 1) * size;
    kernels().few_rows(o, o.depth * i / threads, o.depth * (i + 1) / threads, y);
  });
  for (long i = 1; i < threads; i++) {
    const float* const more = partial.data() + (i - 1) * size;
    for (long k = 0; k < size; k++) o.y[k] += more[k];
  }
}

// The same, to the last bit, with packed weights.
void multiply_packed(const FewRows& o, const float* bias) {
  const long threads = threads_for(o, o.depth), blocks = (o.columns - 1) / kernels().block + 1;
  parallel(static_cast<int>(threads), [&](long i) {
    kernels().few_rows_packed(o, bias, threads, blocks * i / threads, blocks * (i + 1) / threads);
  });
}

void multiply_transposed(const FewRows& o, const float* bias) {
  const long threads = threads_for(o, o.columns);
  parallel(static_cast<int>(threads), [&](long i) {
    kernels().few_rows_transposed(o, o.columns * i / threads, o.columns * (i + 1) / threads);
  });
  if (bias == nullptr) return;
  for (long k = 0; k < o.rows * o.columns; k++) o.y[k] += bias[k % o.columns];
}

void require_few(long rows) {
  if (rows >= 1 && rows <= most_few_rows) return;
  throw std::invalid_argument(std::to_string(rows) + " rows, expected 1 to " + std::to_string(most_few_rows));
}

void multiply_any(const FewRows& o, const float* bias, bool packed, int activation) {
  if (packed) require_few(o.rows);
  if (o.rows > most_few_rows) return multiply_many(o, bias, Layout::plain, activation);
  packed ? multiply_packed(o, bias) : multiply(o, bias);
  if (activation != linear) kernels().activate_all(o.y, o.rows * o.columns, activation);
}

void step_lstm(const LstmStep& o, bool packed) {
  const long depth = o.inputs + o.units;
  std::vector<float> joined(static_cast<size_t>(o.rows * depth));
  for (long row = 0; row < o.rows; row++) {
    float* const to = joined.data() + row * depth;
    std::copy_n(o.x + row * o.inputs, o.inputs, to);
    std::copy_n(o.h + row * o.units, o.units, to + o.inputs);
  }
  const Scratch sums(o.rows * 4 * o.units);
  const FewRows product{o.rows, depth, 4 * o.units, joined.data(), o.kernel, sums.data()};
  if (o.rows > most_few_rows) multiply_many(product, o.bias, packed ? Layout::packed : Layout::plain, linear);
  else packed ? multiply_packed(product, o.bias) : multiply(product, o.bias);
  const long threads = std::clamp(o.rows * o.units / states_worth_a_thread, 1L, static_cast<long>(pool_threads()));
  parallel(static_cast<int>(threads), [&](long i) {
    const long first = o.rows * i / threads, end = o.rows * (i + 1) / threads, at = first * o.units;
    kernels().lstm_gates({end - first, o.units, sums.data() + 4 * at, o.c + at, o.new_h + at, o.new_c + at});
  });
}

namespace {

void* create_dense(TF_OpKernelConstruction* construction) {
  return std::make_unique<int32_t>(attribute(construction, "activation")).release();
}

void destroy_dense(void* activation) { delete static_cast<int32_t*>(activation); }

template <Layout layout>
void dense(void* activation, TF_OpKernelContext* context) {
  Operation::run(context, [&](Operation& call) {
    const auto x = call.input(0, "x"), weights = call.input(1, "weights"), bias = call.input(2, "bias");
    FewRows o{};
    Shape shape = x.shape();
    o.depth = x.row_size(), o.rows = x.size() / o.depth;
    o.columns = weights.dim(layout == Layout::transposed ? 0 : 1);
    o.x = x.data<float>(shape);
    const Shape of_weights = layout == Layout::transposed ? Shape{o.columns, o.depth} : Shape{o.depth, o.columns};
    o.weights = weights.data<float>(of_weights);
    shape.back() = o.columns;
    o.y = call.output(0, shape);
    const float* const added = bias.size() == 0 ? nullptr : bias.data<float>({o.columns});
    if (o.rows * o.columns == 0) return;
    const int kind = *static_cast<int32_t*>(activation);
    if (layout == Layout::packed || o.rows > most_few_rows) return multiply_many(o, added, layout, kind);
    layout == Layout::transposed ? multiply_transposed(o, added) : multiply(o, added);
    if (kind != linear) kernels().activate_all(o.y, o.rows * o.columns, kind);
  });
}

// Weights in the order in which products read them.
void pack(void*, TF_OpKernelContext* context) {
  Operation::run(context, [](Operation& call) {
    const auto weights = call.input(0, "weights");
    const long depth = weights.dim(0), columns = weights.dim(1), block = kernels().block;
    if (columns % (block / 4) != 0) {
      throw std::invalid_argument(std::to_string(columns) + " columns, expected a multiple of " +
                                  std::to_string(block / 4));
    }
    const float* const from = weights.data<float>({depth, columns});
    float* const to = call.output(0, {depth, columns});
    for (long i = 0; i * block < columns; i++) kernels().pack_block(from, depth, columns, i, to);
  });
}

void few_rows(void* activation, TF_OpKernelContext* context) {
  Operation::run(context, [&](Operation& call) {
    const auto x = call.input(0, "x"), packed = call.input(1, "packed"), bias = call.input(2, "bias");
    FewRows o{};
    Shape shape = x.shape();
    o.depth = x.row_size(), o.rows = x.size() / o.depth, o.columns = packed.dim(1);
    o.x = x.data<float>(shape);
    o.weights = packed.data<float>({o.depth, o.columns});
    shape.back() = o.columns;
    o.y = call.output(0, shape);
    const float* const added = bias.size() == 0 ? nullptr : bias.data<float>({o.columns});
    multiply_any(o, added, true, *static_cast<int32_t*>(activation));
  });
}

template <bool packed>
void lstm_step(void*, TF_OpKernelContext* context) {
  Operation::run(context, [](Operation& call) {
    const auto x = call.input(0, "x"), h = call.input(1, "h"), c = call.input(2, "c");
    const auto kernel = call.input(3, "kernel"), bias = call.input(4, "bias");
    LstmStep o{};
    o.rows = x.dim(0), o.inputs = x.dim(1), o.units = h.dim(1);
    o.x = x.data<float>({o.rows, o.inputs});
    o.h = h.data<float>({o.rows, o.units}), o.c = c.data<float>({o.rows, o.units});
    o.kernel = kernel.data<float>({o.inputs + o.units, 4 * o.units}), o.bias = bias.data<float>({4 * o.units});
    o.new_h = call.output(0, {o.rows, o.units}), o.new_c = call.output(1, {o.rows, o.units});
    step_lstm(o, packed);
  });
}

}  // namespace

void register_dense() {
  const std::initializer_list<const char*> inputs = {"x: float", "weights: float", "bias: float"};
  const std::initializer_list<const char*> attributes = {"activation: int = 0"};
  const KernelState state = {create_dense, destroy_dense};
  register_operation("AttendDense", inputs, {"y: float"}, dense<Layout::plain>, attributes, state);
  register_operation("AttendDenseTransposed", inputs, {"y: float"}, dense<Layout::transposed>, attributes, state);
  register_operation("AttendDensePacked", inputs, {"y: float"}, dense<Layout::packed>, attributes, state);
  register_operation("AttendPack", {"weights: float"}, {"packed: float"}, pack);
  register_operation("AttendFewRows", {"x: float", "packed: float", "bias: float"}, {"y: float"}, few_rows, attributes, state);
  const std::initializer_list<const char*> of_step = {"x: float", "h: float", "c: float", "kernel: float", "bias: float"};
  const std::initializer_list<const char*> state_after = {"new_h: float", "new_c: float"};
  register_operation("AttendLstmStep", of_step, state_after, lstm_step<false>);
  register_operation("AttendLstmStepPacked", of_step, state_after, lstm_step<true>);
}
