// The operations AttendDot, attention of one query a row to memories that rows may share, and AttendBest,
// the likeliest columns of each row; neither with a gradient.
#include <string>

#include "kernels.h"
#include "operation.h"
#include "operations.h"
#include "pool.h"
#include "share.h"

namespace {

void attend(void*, TF_OpKernelContext* context) {
  Operation::run(context, [](Operation& call) {
    const auto queries = call.input(0, "queries"), keys = call.input(1, "keys");
    const auto values = call.input(2, "values"), owners = call.input(3, "owners");
    Attention o{};
    const long rows = queries.dim(0), memories = keys.dim(0);
    o.positions = keys.dim(1), o.size = queries.dim(1), o.value_size = values.dim(2);
    if (o.positions < 1) throw std::invalid_argument("no position to look at");
    o.queries = queries.data<float>({rows, o.size});
    o.keys = keys.data<float>({memories, o.positions, o.size});
    o.values = values.data<float>({memories, o.positions, o.value_size});
    o.owners = owners.data<int32_t>({rows});
    for (long row = 0; row < rows; row++) {
      if (o.owners[row] < 0 || o.owners[row] >= memories) {
        throw std::invalid_argument("memory " + std::to_string(o.owners[row]) + " of " +
                                    std::to_string(memories));
      }
    }
    o.context = call.output(0, {rows, o.value_size});
    o.weights = call.output(1, {rows, o.positions});
    share_rows(rows, rows * o.positions * (o.size + o.value_size),
               [&](long first, long end) { kernels().attend_rows(o, first, end); });
  });
}

void* create_best(TF_OpKernelConstruction* construction) {
  return new int32_t(attribute(construction, "count"));
}

void destroy_best(void* count) { delete static_cast<int32_t*>(count); }

void best(void* count, TF_OpKernelContext* context) {
  Operation::run(context, [&](Operation& call) {
    const auto logits = call.input(0, "logits"), added = call.input(1, "added");
    Best o{};
    const long rows = logits.dim(0);
    o.columns = logits.dim(1), o.count = *static_cast<int32_t*>(count);
    if (o.count < 1 || o.count > o.columns) {
      throw std::invalid_argument("the best " + std::to_string(o.count) + " of " +
                                  std::to_string(o.columns));
    }
    o.logits = logits.data<float>({rows, o.columns});
    o.added = added.data<float>({o.columns});
    o.probabilities = call.output(0, {rows, o.count});
    o.places = call.output<int32_t>(1, {rows, o.count});
    share_rows(rows, 8 * rows * o.columns, [&](long first, long end) {
      const Scratch row(o.columns);
      kernels().best_of_rows(o, first, end, row.data());
    });
  });
}

}  // namespace

void register_attention() {
  register_operation("AttendDot",
                     {"queries: float", "keys: float", "values: float", "owners: int32"},
                     {"context: float", "weights: float"}, attend);
  register_operation("AttendBest", {"logits: float", "added: float"},
                     {"probabilities: float", "places: int32"}, best, {"count: int"},
                     {create_best, destroy_best});
}
