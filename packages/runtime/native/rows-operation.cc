// The operation AttendTakeRows: the same rows of several tensors. Not differentiable.
#include <algorithm>
#include <cstring>
#include <memory>
#include <vector>

#include "operation.h"
#include "operations.h"
#include "pool.h"

namespace {

struct Counts {
  int32_t floats, integers;
};

void* create(TF_OpKernelConstruction* construction) {
  return new Counts{attribute(construction, "floats"), attribute(construction, "integers")};
}

void destroy(void* counts) { delete static_cast<Counts*>(counts); }

// A tensor, and its rows that are taken.
struct Rows {
  const void* from;
  void* to;
  size_t bytes;  // Of a row.
};

template <typename Element>
Rows describe(Operation& call, int index, const Operation::Input& input, int64_t count) {
  Shape shape = input.shape();
  const void* const from = input.data<Element>(shape);
  const int64_t row_size = input.size() / std::max<int64_t>(input.dim(0), 1);
  shape[0] = count;
  return {from, call.output<Element>(index, shape), static_cast<size_t>(row_size) * sizeof(Element)};
}

void take_rows(void* counts, TF_OpKernelContext* context) {
  Operation::run(context, [&](Operation& call) {
    const auto [floats, integers] = *static_cast<Counts*>(counts);
    const auto indices = call.input(0, "rows");
    const int64_t count = indices.size();
    const int32_t* const row = indices.data<int32_t>({count});
    std::vector<Operation::Input> inputs;
    std::vector<Rows> all;
    size_t bytes = 0;  // Of one row of all tensors.
    for (int i = 0; i < floats + integers; i++) {
      const auto& input = inputs.emplace_back(call.input(i + 1, "tensor"));
      check_indices("row", row, count, input.dim(0));
      all.push_back(i < floats ? describe<float>(call, i, input, count) : describe<int32_t>(call, i, input, count));
      bytes += all.back().bytes;
    }
    share_rows(count, count * static_cast<long>(bytes / sizeof(float)), [&](long first, long end) {
      for (const auto& [from, to, size] : all) {
        for (auto i = static_cast<size_t>(first); i < static_cast<size_t>(end); i++) {
          std::memcpy(static_cast<char*>(to) + i * size, static_cast<const char*>(from) + static_cast<size_t>(row[i]) * size, size);
        }
      }
    });
  });
}

}  // namespace

void register_rows() {
  register_operation("AttendTakeRows", {"rows: int32", "x: floats * float", "i: integers * int32"},
                     {"taken_x: floats * float", "taken_i: integers * int32"}, take_rows,
                     {"floats: int >= 0", "integers: int >= 0"}, {create, destroy});
}
