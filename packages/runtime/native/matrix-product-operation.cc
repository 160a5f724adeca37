// The operation AttendMatrixProduct, `a b` of two matrices, each of which may be transposed.
#include <algorithm>
#include <memory>

#include "denormals.h"
#include "kernels.h"
#include "operation.h"
#include "operations.h"
#include "pool.h"
#include "share.h"

namespace {

// Multiplications that justify another thread.
constexpr long products_worth_a_thread = 1 << 18;

struct Attributes {
  bool transpose_a, transpose_b;
};

void* create(TF_OpKernelConstruction* construction) {
  auto attributes = std::make_unique<Attributes>();
  attributes->transpose_a = attribute(construction, "transpose_a") != 0;
  attributes->transpose_b = attribute(construction, "transpose_b") != 0;
  return attributes.release();
}

void destroy(void* attributes) { delete static_cast<Attributes*>(attributes); }

// Threads share rows or columns, whichever are more; the sums are the same for any number of threads.
void multiply(const MatrixProduct& o) {
  const long longer = std::max(o.rows, o.columns), products = o.rows * o.columns * o.depth;
  const long most = std::min<long>(pool_threads(), longer);
  const long threads = std::clamp(products / products_worth_a_thread, 1L, std::max(most, 1L));
  parallel(static_cast<int>(threads), [&](long i) {
    const DenormalsAreZero guard;
    const Scratch scratch(kernels().product_scratch);
    const long first = longer * i / threads, count = longer * (i + 1) / threads - first;
    MatrixProduct part = o;
    if (o.rows >= o.columns) part.rows = count, part.a += first * o.a_row, part.c += first * o.c_row;
    else part.columns = count, part.b += first * o.b_column, part.c += first;
    kernels().multiply_matrices(part, scratch.data());
  });
}

void compute(void* given, TF_OpKernelContext* context) {
  const Attributes& attributes = *static_cast<Attributes*>(given);
  Operation::run(context, [&](Operation& call) {
    const auto a = call.input(0, "a"), b = call.input(1, "b");
    const int a_rows = attributes.transpose_a ? 1 : 0, b_rows = attributes.transpose_b ? 1 : 0;
    MatrixProduct o{};
    o.rows = a.dim(a_rows), o.depth = a.dim(1 - a_rows), o.columns = b.dim(1 - b_rows);
    o.a = a.data<float>({a.dim(0), a.dim(1)});
    o.b = b.data<float>(attributes.transpose_b ? Shape{o.columns, o.depth} : Shape{o.depth, o.columns});
    o.a_row = attributes.transpose_a ? 1 : o.depth, o.a_column = attributes.transpose_a ? o.rows : 1;
    o.b_row = attributes.transpose_b ? 1 : o.columns, o.b_column = attributes.transpose_b ? o.depth : 1;
    o.c = call.output(0, {o.rows, o.columns}), o.c_row = o.columns;
    if (o.depth == 0) std::fill_n(o.c, o.rows * o.columns, 0.0f);
    else multiply(o);
  });
}

}  // namespace

void register_matrix_product() {
  register_operation("AttendMatrixProduct", {"a: float", "b: float"}, {"c: float"}, compute,
                     {"transpose_a: int", "transpose_b: int"}, {create, destroy});
}
