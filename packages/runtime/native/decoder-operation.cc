// The operation AttendDecoderStep: a step of an LSTM that attends to an image after it, and of a second LSTM over both, up
// to the features; for few rows, with weights from AttendPack. Not differentiable.
#include <algorithm>

#include "kernels.h"
#include "operation.h"
#include "operations.h"
#include "share.h"

namespace {

// Null if the input is empty: the decoder lacks that part.
const float* optional(const Operation::Input& input, const Shape& shape) {
  return input.size() == 0 ? nullptr : input.data<float>(shape);
}

// Each row of `b` after the same row of `a`.
void join(long rows, const float* a, long a_size, const float* b, long b_size, float* to) {
  for (long row = 0; row < rows; row++) {
    to = std::copy_n(a + row * a_size, a_size, to);
    to = std::copy_n(b + row * b_size, b_size, to);
  }
}

void step(void*, TF_OpKernelContext* context) {
  Operation::run(context, [](Operation& call) {
    int index = 0;
    const auto next = [&](const char* name) { return call.input(index++, name); };
    const auto tokens = next("tokens"), image_indices = next("image_indices"), image = next("image");
    const auto keys = next("keys"), values = next("values");
    const auto h = next("h"), c = next("c"), language_h = next("language_h"), language_c = next("language_c");
    const auto table = next("table"), kernel = next("kernel"), bias = next("bias"), query = next("query");
    const auto vector = next("vector"), gate = next("gate"), gate_bias = next("gate_bias");
    const auto language_kernel = next("language_kernel"), language_bias = next("language_bias");
    const auto combine = next("combine"), combine_bias = next("combine_bias");

    const long rows = tokens.dim(0), images = image.dim(0), vocabulary = table.dim(0), size = table.dim(1);
    const long units = h.dim(1), positions = keys.dim(1), key_size = keys.dim(2), value_size = values.dim(2);
    require_few(rows);
    const int32_t* const token = tokens.data<int32_t>({rows});
    const int32_t* const image_of = image_indices.data<int32_t>({rows});
    check_indices("token", token, rows, vocabulary);
    check_indices("image", image_of, rows, images);

    const float* const words = table.data<float>({vocabulary, size});
    const float* const pictures = image.data<float>({images, size});
    const Scratch input(rows * size);
    for (long i = 0; i < rows * size; i++) {
      const long row = i / size, n = i % size;
      input.data()[i] = words[token[row] * size + n] + pictures[image_of[row] * size + n];
    }
    const Shape of_state = {rows, units};
    float* const new_h = call.output(2, of_state);
    step_lstm({rows, size, units, input.data(), h.data<float>(of_state), c.data<float>(of_state),
               kernel.data<float>({size + units, 4 * units}), bias.data<float>({4 * units}), new_h,
               call.output(3, of_state)}, true);

    const Scratch queries(rows * key_size), contexts(rows * value_size);
    multiply_packed({rows, units, key_size, new_h, query.data<float>({units, key_size}), queries.data()}, nullptr);
    attend({positions, key_size, value_size, queries.data(), keys.data<float>({images, positions, key_size}),
            optional(vector, {key_size, 1}), values.data<float>({images, positions, value_size}), image_of,
            contexts.data(), call.output(1, {rows, positions})}, rows, images);
    if (const float* const weights = optional(gate, {units, 1})) {
      float gates[most_few_rows];
      multiply({rows, units, 1, new_h, weights, gates}, gate_bias.data<float>({1}));
      kernels().activate_all(gates, rows, sigmoid_activation);
      for (long i = 0; i < rows * value_size; i++) contexts.data()[i] *= gates[i / value_size];
    }

    const long width = units + value_size;
    const Scratch joined(rows * width);
    join(rows, new_h, units, contexts.data(), value_size, joined.data());
    if (const float* const weights = optional(language_kernel, {width + units, 4 * units})) {
      float* const output = call.output(4, of_state);
      step_lstm({rows, width, units, joined.data(), language_h.data<float>(of_state), language_c.data<float>(of_state),
                 weights, language_bias.data<float>({4 * units}), output, call.output(5, of_state)}, true);
      join(rows, output, units, contexts.data(), value_size, joined.data());
    } else {
      call.output(4, {0}), call.output(5, {0});
    }
    float* const features = call.output(0, {rows, size});
    multiply_packed({rows, width, size, joined.data(), combine.data<float>({width, size}), features},
                    combine_bias.data<float>({size}));
    kernels().activate_all(features, rows * size, tanh_activation);
  });
}

}  // namespace

void register_decoder_step() {
  register_operation(
      "AttendDecoderStep",
      {"tokens: int32", "image_indices: int32", "image: float", "keys: float", "values: float", "h: float", "c: float",
       "language_h: float", "language_c: float", "table: float", "kernel: float", "bias: float", "query: float",
       "vector: float", "gate: float", "gate_bias: float", "language_kernel: float", "language_bias: float",
       "combine: float", "combine_bias: float"},
      {"features: float", "weights: float", "new_h: float", "new_c: float", "new_language_h: float", "new_language_c: float"},
      step);
}
