// Flushes vanishing values to zero on this thread, as TensorFlow does on its own.
#pragma once

#include <cstdint>

// Vanishing values, as in gradients, would otherwise slow the processor down many times.
class DenormalsAreZero {
 public:
#if defined(__x86_64__)
  DenormalsAreZero() : before_(__builtin_ia32_stmxcsr()) {
    __builtin_ia32_ldmxcsr(before_ | 0x8040);
  }
  ~DenormalsAreZero() { __builtin_ia32_ldmxcsr(before_); }

 private:
  const unsigned before_;
#elif defined(__aarch64__)
  DenormalsAreZero() {
    __asm__ volatile("mrs %0, fpcr" : "=r"(before_));
    set(before_ | 1 << 24);
  }
  ~DenormalsAreZero() { set(before_); }

 private:
  static void set(uint64_t value) { __asm__ volatile("msr fpcr, %0" : : "r"(value)); }

  uint64_t before_;
#endif
};
