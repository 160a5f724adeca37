#include "share.h"

#include "barrier.h"
#include "denormals.h"
#include "pool.h"

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <new>

namespace {

// Rows are independent, so threads that have their own rows never wait. But each of them reads all
// weights at each step, which pays off only from a number of rows on.
constexpr long rows_worth_the_weights = 4;
// Multiplications per step that justify a barrier after it.
constexpr long products_worth_a_barrier = 1 << 20;

}  // namespace

Share::Share(const Sequence& o)
    : batch_(o.batch), blocks_((o.units + kernels().block - 1) / kernels().block) {
  const long threads = pool_threads();
  groups_ = std::clamp(o.batch / rows_worth_the_weights, 1L, threads);
  const long products = o.batch / groups_ * o.gates * o.units * o.units;
  const long members = std::min(blocks_, products / products_worth_a_barrier);
  members_ = std::clamp(members, 1L, threads / groups_);
}

void Share::run(const std::function<void(long, long)>& pack,
                const std::function<void(const Part&)>& loop) const {
  const long pieces = std::min<long>(pool_threads(), blocks_);
  parallel(static_cast<int>(pieces),
           [&](int i) { pack(blocks_ * i / pieces, blocks_ * (i + 1) / pieces); });
  std::deque<Barrier> barriers;
  for (long group = 0; group < groups_; group++) barriers.emplace_back(static_cast<int>(members_));
  parallel(static_cast<int>(groups_ * members_), [&](int i) {
    const DenormalsAreZero guard;
    const long group = i / members_, member = i % members_;
    Barrier* const barrier = members_ == 1 ? nullptr : &barriers[static_cast<size_t>(group)];
    loop({batch_ * group / groups_, batch_ * (group + 1) / groups_, blocks_ * member / members_,
          blocks_ * (member + 1) / members_, group, barrier});
  });
}

Scratch::Scratch(long floats) {
  const size_t bytes = (static_cast<size_t>(floats) * sizeof(float) + 63) / 64 * 64;
  data_ = static_cast<float*>(std::aligned_alloc(64, std::max<size_t>(bytes, 64)));
  if (data_ == nullptr) throw std::bad_alloc();
}

Scratch::~Scratch() { std::free(data_); }
