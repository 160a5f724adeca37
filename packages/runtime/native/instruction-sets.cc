// Selects the kernels for the current processor: the best it supports, or those named by
// ATTEND_KERNELS.
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>

#include "kernels.h"

#if defined(__x86_64__)
extern const Kernels kernels_avx512, kernels_avx2;
#endif
#if defined(__aarch64__)
extern const Kernels kernels_neon;
constexpr const Kernels& baseline = kernels_neon;
#else
extern const Kernels kernels_portable;
constexpr const Kernels& baseline = kernels_portable;
#endif

namespace {

bool is_selected(const Kernels& candidate, bool supported) {
  const char* requested = std::getenv("ATTEND_KERNELS");
  if (requested == nullptr || *requested == 0) return supported;
  return supported && std::strcmp(requested, candidate.name) == 0;
}

const Kernels& choose() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
                      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq");
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (is_selected(kernels_avx512, avx512)) return kernels_avx512;
  if (is_selected(kernels_avx2, avx2)) return kernels_avx2;
#endif
  if (is_selected(baseline, true)) return baseline;
  throw std::invalid_argument(std::string("ATTEND_KERNELS is \"") + std::getenv("ATTEND_KERNELS") +
                              "\", which this processor does not support");
}

}  // namespace

const Kernels& kernels() {
  static const Kernels& chosen = choose();
  return chosen;
}

long packed_floats(long units, long gates) {
  const long block = kernels().block;
  return (units + block - 1) / block * block * gates * units;
}
