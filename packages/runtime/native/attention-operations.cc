// The operations AttendDot and AttendAdditive, attention with one query per row over memories that rows may share, and
// AttendTopK, the most likely columns of each row. None is differentiable.
#include <optional>
#include <string>

#include "kernels.h"
#include "operation.h"
#include "operations.h"
#include "pool.h"
#include "share.h"

void check_indices(const char* what, const int32_t* indices, long count, long limit) {
  for (long i = 0; i < count; i++) {
    if (indices[i] >= 0 && indices[i] < limit) continue;
    throw std::invalid_argument(std::string(what) + " " + std::to_string(indices[i]) + " of " + std::to_string(limit));
  }
}

void attend(const Attention& o, long rows, long memories) {
  if (o.positions < 1) throw std::invalid_argument("memory has no positions");
  check_indices("memory", o.memory_indices, rows, memories);
  share_rows(rows, rows * o.positions * (o.size + o.value_size),
             [&](long first, long end) { kernels().attend_rows(o, first, end); });
}

namespace {

template <bool additive>
void attention(void*, TF_OpKernelContext* context) {
  Operation::run(context, [](Operation& call) {
    const auto queries = call.input(0, "queries"), keys = call.input(1, "keys");
    const auto values = call.input(2, "values"), memory_indices = call.input(3, "memory_indices");
    Attention o{};
    const long rows = queries.dim(0), memories = keys.dim(0);
    o.positions = keys.dim(1), o.size = queries.dim(1), o.value_size = values.dim(2);
    o.queries = queries.data<float>({rows, o.size});
    o.keys = keys.data<float>({memories, o.positions, o.size});
    std::optional<Operation::Input> vector;
    if (additive) o.vector = vector.emplace(call.input(4, "vector")).data<float>({o.size, 1});
    o.values = values.data<float>({memories, o.positions, o.value_size});
    o.memory_indices = memory_indices.data<int32_t>({rows});
    o.context = call.output(0, {rows, o.value_size});
    o.weights = call.output(1, {rows, o.positions});
    attend(o, rows, memories);
  });
}

void* create_top_k(TF_OpKernelConstruction* construction) {
  return new int32_t(attribute(construction, "count"));
}

void destroy_top_k(void* count) { delete static_cast<int32_t*>(count); }

void top_k(void* count, TF_OpKernelContext* context) {
  Operation::run(context, [&](Operation& call) {
    const auto logits = call.input(0, "logits"), added = call.input(1, "added");
    TopK o{};
    const long rows = logits.dim(0);
    o.columns = logits.dim(1), o.count = *static_cast<int32_t*>(count);
    if (o.count < 1 || o.count > o.columns) {
      throw std::invalid_argument("the top " + std::to_string(o.count) + " of " +
                                  std::to_string(o.columns));
    }
    o.logits = logits.data<float>({rows, o.columns});
    o.added = added.data<float>({o.columns});
    o.probabilities = call.output(0, {rows, o.count});
    o.indices = call.output<int32_t>(1, {rows, o.count});
    share_rows(rows, 8 * rows * o.columns, [&](long first, long end) {
      const Scratch row(o.columns);
      kernels().top_k_rows(o, first, end, row.data());
    });
  });
}

}  // namespace

void register_attention() {
  register_operation("AttendDot",
                     {"queries: float", "keys: float", "values: float", "memory_indices: int32"},
                     {"context: float", "weights: float"}, attention<false>);
  register_operation("AttendAdditive",
                     {"queries: float", "keys: float", "values: float", "memory_indices: int32",
                      "vector: float"},
                     {"context: float", "weights: float"}, attention<true>);
  register_operation("AttendTopK", {"logits: float", "added: float"},
                     {"probabilities: float", "indices: int32"}, top_k, {"count: int"},
                     {create_top_k, destroy_top_k});
}
