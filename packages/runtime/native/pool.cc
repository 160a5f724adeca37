#include "pool.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <system_error>
#include <thread>

namespace {

class Pool {
 public:
  explicit Pool(int threads) {
    for (; workers_ + 1 < threads; workers_++) {
      try {
        std::thread([this] { work(); }).detach();
      } catch (const std::system_error&) {
        break;  // The system allows no more threads.
      }
    }
  }

  int threads() const { return workers_ + 1; }

  void run(int count, const std::function<void(int)>& task) {
    if (count == 1) return task(0);
    const std::lock_guard<std::mutex> turn(turn_);
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      task_ = &task;
      count_ = count;
      next_ = 0;
      open_ = count;
      busy_ = true;
    }
    wake_.notify_all();
    std::unique_lock<std::mutex> lock(mutex_);
    run_tasks(lock);
    lock.unlock();
    spin_until([this] { return !busy_; });
    lock.lock();
    done_.wait(lock, [this] { return open_ == 0; });
    task_ = nullptr;
  }

 private:
  void work() {
    std::unique_lock<std::mutex> lock(mutex_);
    for (;;) {
      lock.unlock();
      spin_until([this] { return busy_.load(); });
      lock.lock();
      wake_.wait(lock, [this] { return task_ != nullptr && next_ < count_; });
      run_tasks(lock);
    }
  }

  void run_tasks(std::unique_lock<std::mutex>& lock) {
    while (next_ < count_) {
      const int index = next_++;
      lock.unlock();
      (*task_)(index);
      lock.lock();
      if (--open_ > 0) continue;
      busy_ = false;
      done_.notify_all();
    }
  }

  // Spins for a while: waking a thread takes as long as a small operation, and the next one comes
  // soon.
  template <typename Condition>
  static void spin_until(const Condition& condition) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::microseconds(100);
    while (!condition() && std::chrono::steady_clock::now() < end) std::this_thread::yield();
  }

  int workers_ = 0;
  std::mutex turn_;
  std::mutex mutex_;  // Guards the members below.
  std::condition_variable wake_, done_;
  const std::function<void(int)>* task_ = nullptr;
  int count_ = 0, next_ = 0, open_ = 0;
  std::atomic<bool> busy_{false};  // Equals `open_ > 0`; readable without the lock.
};

int wanted_threads() {
  const char* setting = std::getenv("TF_NUM_INTRAOP_THREADS");
  const int requested = setting == nullptr ? 0 : std::atoi(setting);
  const int threads = requested > 0 ? requested : static_cast<int>(std::thread::hardware_concurrency());
  return std::clamp(threads, 1, 256);
}

// Never destroyed: its threads may still be waiting when the process ends.
Pool& pool() {
  static Pool* const instance = new Pool(wanted_threads());
  return *instance;
}

}  // namespace

int pool_threads() { return pool().threads(); }

void parallel(int count, const std::function<void(int)>& task) { pool().run(count, task); }
