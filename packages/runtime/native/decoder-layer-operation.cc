// The operation AttendDecoderLayerStep: a step of a layer of a Transformer's decoder, which attends to the previous tokens,
// then to the source, and ends with a feed-forward network. Not differentiable.
#include <algorithm>
#include <vector>

#include "kernels.h"
#include "operation.h"
#include "operations.h"
#include "pool.h"
#include "share.h"

namespace {

struct Settings {
  long heads;
  bool norm_first;     // x + f(norm(x)), otherwise norm(x + f(x)).
  int32_t activation;  // Of the feed-forward network.
  int32_t packed;      // Bit i: the weights of product i are from AttendPack.
  float epsilon;       // Of the norms.
};

void* create(TF_OpKernelConstruction* construction) {
  const auto read = [&](const char* name) { return attribute(construction, name); };
  return new Settings{read("heads"), read("norm_first") != 0, read("activation"), read("packed"),
                      float_attribute(construction, "epsilon")};
}

void destroy(void* settings) { delete static_cast<Settings*>(settings); }

void step(void* state, TF_OpKernelContext* context) {
  Operation::run(context, [&](Operation& call) {
    const Settings& settings = *static_cast<Settings*>(state);
    int index = 0;
    const auto next = [&](const char* name) { return call.input(index++, name); };
    const auto x = next("x"), target = next("target"), target_slots = next("target_slots");
    const auto source = next("source"), source_slots = next("source_slots");
    std::vector<Operation::Input> norms;
    for (int i = 0; i < 3; i++) norms.push_back(next("scale")), norms.push_back(next("offset"));

    const long rows = x.dim(0), size = x.dim(1), previous = target.dim(0), slots = previous + rows;
    const Scratch normed(rows * size), queries(rows * size), contexts(rows * size), moments(2 * rows);

    const auto normalize = [&](int which, const float* from, float* to) {
      const Operation::Input &scale = norms[2 * which], &offset = norms[2 * which + 1];
      normalize_all({size, settings.epsilon, from, scale.data<float>({size}), offset.data<float>({size}), to,
                     moments.data()}, rows);
    };
    // The products come in the order in which they are computed.
    int products = 0;
    const auto multiply = [&](const float* from, long depth, long columns, float* to, int activation = linear) {
      const auto weights = next("weights"), bias = next("bias");
      const bool packed = (settings.packed >> products++ & 1) != 0;
      multiply_any({rows, depth, columns, from, weights.data<float>({depth, columns}), to},
                   bias.size() == 0 ? nullptr : bias.data<float>({columns}), packed, activation);
    };
    const auto attend = [&](const float* memory, long count, const Operation::Input& at, float* weights) {
      SlotAttention o{};
      o.positions = at.dim(1), o.heads = settings.heads;
      o.queries = queries.data(), o.memory = memory, o.slots = at.data<int32_t>({rows, o.positions});
      o.context = contexts.data(), o.weights = weights;
      attend_slots(o, rows, size, count);
    };
    // The sublayer writes to its second argument.
    const auto around = [&](int which, const float* from, float* to, const auto& sublayer) {
      if (settings.norm_first) normalize(which, from, normed.data());
      sublayer(settings.norm_first ? normed.data() : from, to);
      for (long i = 0; i < rows * size; i++) to[i] += from[i];
      if (!settings.norm_first) normalize(which, to, to);
    };

    const float* const input = x.data<float>({rows, size});
    float* const output = call.output(0, {rows, size});
    float* const memory = call.output(1, {slots, 2 * size});
    std::copy_n(target.data<float>({previous, 2 * size}), previous * 2 * size, memory);
    const Scratch attended(rows * size), crossed(rows * size);
    around(0, input, attended.data(), [&](const float* from, float* to) {
      multiply(from, size, 2 * size, memory + previous * 2 * size);
      multiply(from, size, size, queries.data());
      const Scratch weights(rows * settings.heads * target_slots.dim(1));
      attend(memory, slots, target_slots, weights.data());
      multiply(contexts.data(), size, size, to);
    });
    around(1, attended.data(), crossed.data(), [&](const float* from, float* to) {
      const long count = source.dim(0);
      multiply(from, size, size, queries.data());
      attend(source.data<float>({count, 2 * size}), count, source_slots,
             call.output(2, {rows, settings.heads, source_slots.dim(1)}));
      multiply(contexts.data(), size, size, to);
    });
    around(2, crossed.data(), output, [&](const float* from, float* to) {
      const long inner = call.input(index, "weights").dim(1);
      const Scratch hidden(rows * inner);
      multiply(from, size, inner, hidden.data(), settings.activation);
      multiply(hidden.data(), inner, size, to);
    });
  });
}

}  // namespace

void register_decoder_layer_step() {
  register_operation(
      "AttendDecoderLayerStep",
      {"x: float", "target: float", "target_slots: int32", "source: float", "source_slots: int32",
       "scale: float", "offset: float", "cross_scale: float", "cross_offset: float", "feed_forward_scale: float",
       "feed_forward_offset: float", "memory: float", "memory_bias: float", "query: float", "query_bias: float",
       "output: float", "output_bias: float", "cross_query: float", "cross_query_bias: float", "cross_output: float",
       "cross_output_bias: float", "inner: float", "inner_bias: float", "outer: float", "outer_bias: float"},
      {"y: float", "new_target: float", "weights: float"}, step,
      {"heads: int", "norm_first: int", "activation: int", "packed: int", "epsilon: float"}, {create, destroy});
}
