// The operations AttendHeads, multi-head attention within each row, with its gradient, and
// AttendSlots, attention with one query per row over slots that rows may share, without a gradient.
#include <cmath>
#include <string>

#include "kernels.h"
#include "operation.h"
#include "operations.h"
#include "pool.h"
#include "share.h"

namespace {

struct Settings {
  long heads;
  bool causal;
};

void* create(TF_OpKernelConstruction* construction) {
  return new Settings{attribute(construction, "heads"), attribute(construction, "causal") != 0};
}

void* create_slots(TF_OpKernelConstruction* construction) {
  return new Settings{attribute(construction, "heads"), false};
}

void destroy(void* settings) { delete static_cast<Settings*>(settings); }

long head_size_of(long size, long heads) {
  if (heads >= 1 && size % heads == 0) return size / heads;
  throw std::invalid_argument(std::to_string(heads) + " heads do not divide size " + std::to_string(size));
}

const int32_t* lengths_of(const Operation::Input& lengths, const Heads& o) {
  if (lengths.size() == 0 && o.rows > 0) return nullptr;
  const int32_t* const data = lengths.data<int32_t>({o.rows});
  for (long row = 0; row < o.rows; row++) {
    if (data[row] < 1 || data[row] > o.positions) {
      throw std::invalid_argument("length " + std::to_string(data[row]) + " of " +
                                  std::to_string(o.positions) + " positions");
    }
  }
  return data;
}

// The inputs that the forward and backward operations share; they live as long as this object.
struct Inputs {
  Operation::Input queries, memory, lengths, dropout_mask;

  explicit Inputs(Operation& call)
      : queries(call.input(0, "queries")), memory(call.input(1, "memory")),
        lengths(call.input(2, "lengths")), dropout_mask(call.input(3, "dropout_mask")) {}

  void describe(const Settings& settings, Heads& o) const {
    o.rows = queries.dim(0), o.count = queries.dim(1), o.positions = memory.dim(1);
    o.heads = settings.heads, o.causal = settings.causal;
    const long size = queries.dim(2);
    o.head_size = head_size_of(size, o.heads);
    o.scale = 1 / std::sqrt(static_cast<float>(o.head_size));
    if (o.positions < 1) throw std::invalid_argument("memory has no positions");
    o.queries = queries.data<float>({o.rows, o.count, size});
    o.memory = memory.data<float>({o.rows, o.positions, 2 * size});
    o.lengths = lengths_of(lengths, o);
    const bool all = dropout_mask.size() == 0;
    o.dropout_mask = all ? nullptr : dropout_mask.data<float>({o.rows, o.heads, o.count, o.positions});
  }
};

long work_of(const Heads& o) { return o.rows * o.heads * o.count * o.positions * o.head_size; }

void forward(void* settings, TF_OpKernelContext* context) {
  Operation::run(context, [&](Operation& call) {
    const Inputs inputs(call);
    Heads o{};
    inputs.describe(*static_cast<Settings*>(settings), o);
    o.context = call.output(0, {o.rows, o.count, o.heads * o.head_size});
    o.weights = call.output(1, {o.rows, o.heads, o.count, o.positions});
    share_rows(o.rows * o.heads, work_of(o), [&](long first, long end) {
      const Scratch scratch(heads_scratch(o));
      kernels().attend_heads(o, first, end, scratch.data());
    });
  });
}

void backward(void* settings, TF_OpKernelContext* context) {
  Operation::run(context, [&](Operation& call) {
    const Inputs inputs(call);
    const auto weights = call.input(4, "weights");
    const auto d_context = call.input(5, "d_context"), d_weights = call.input(6, "d_weights");
    HeadsBackward o{};
    inputs.describe(*static_cast<Settings*>(settings), o);
    const Shape shape = {o.rows, o.count, o.heads * o.head_size};
    const Shape of_weights = {o.rows, o.heads, o.count, o.positions};
    o.d_context = d_context.data<float>(shape);
    // The forward kernel writes the weights; this one only reads them.
    o.weights = const_cast<float*>(weights.data<float>(of_weights));
    o.d_weights = d_weights.data<float>(of_weights);
    o.d_queries = call.output(0, shape);
    o.d_memory = call.output(1, {o.rows, o.positions, 2 * o.heads * o.head_size});
    share_rows(o.rows * o.heads, 3 * work_of(o), [&](long first, long end) {
      const Scratch scratch(heads_scratch(o));
      kernels().attend_heads_backward(o, first, end, scratch.data());
    });
  });
}

void slots(void* settings, TF_OpKernelContext* context) {
  Operation::run(context, [&](Operation& call) {
    const auto queries = call.input(0, "queries"), memory = call.input(1, "memory");
    const auto at = call.input(2, "slots");
    const long rows = queries.dim(0), size = queries.dim(1), slot_count = memory.dim(0);
    SlotAttention o{};
    o.positions = at.dim(1), o.heads = static_cast<Settings*>(settings)->heads;
    o.queries = queries.data<float>({rows, size});
    o.memory = memory.data<float>({slot_count, 2 * size});
    o.slots = at.data<int32_t>({rows, o.positions});
    o.context = call.output(0, {rows, size});
    o.weights = call.output(1, {rows, o.heads, o.positions});
    attend_slots(o, rows, size, slot_count);
  });
}

}  // namespace

void attend_slots(SlotAttention& o, long rows, long size, long slot_count) {
  o.head_size = head_size_of(size, o.heads);
  o.scale = 1 / std::sqrt(static_cast<float>(o.head_size));
  for (long i = 0; i < rows * o.positions; i++) {
    if (o.slots[i] >= slot_count || (i % o.positions == 0 && o.slots[i] < 0)) {
      throw std::invalid_argument("slot " + std::to_string(o.slots[i]) + " of " + std::to_string(slot_count));
    }
  }
  share_rows(rows, 2 * rows * o.positions * size,
             [&](long first, long end) { kernels().attend_slots(o, first, end); });
}

void register_heads() {
  register_operation("AttendHeads",
                     {"queries: float", "memory: float", "lengths: int32", "dropout_mask: float"},
                     {"context: float", "weights: float"}, forward, {"heads: int", "causal: int"},
                     {create, destroy});
  register_operation("AttendHeadsGrad",
                     {"queries: float", "memory: float", "lengths: int32", "dropout_mask: float",
                      "weights: float", "d_context: float", "d_weights: float"},
                     {"d_queries: float", "d_memory: float"}, backward, {"heads: int", "causal: int"},
                     {create, destroy});
  register_operation("AttendSlots", {"queries: float", "memory: float", "slots: int32"},
                     {"context: float", "weights: float"}, slots, {"heads: int"},
                     {create_slots, destroy});
}
