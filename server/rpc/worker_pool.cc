#include "server/rpc/worker_pool.h"

#include <utility>

namespace canvass::rpc {

WorkerPool::WorkerPool(const Options& options) : queue_limit_(options.queue_limit) {
  for (int i = 0; i < options.threads; ++i) threads_.emplace_back([this] { Work(); });
}

WorkerPool::~WorkerPool() { Stop(); }

void WorkerPool::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    wake_.SignalAll();
  }
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

bool WorkerPool::TryRun(absl::AnyInvocable<void()> task) {
  absl::MutexLock lock(&mutex_);
  // An idle thread takes one task at once, so only what exceeds them waits.
  if (stopping_ || queue_.size() >= queue_limit_ + idle_) return false;
  queue_.push_back(std::move(task));
  wake_.Signal();
  return true;
}

std::size_t WorkerPool::waiting() const {
  absl::MutexLock lock(&mutex_);
  return queue_.size();
}

void WorkerPool::Work() {
  for (;;) {
    absl::AnyInvocable<void()> task;
    {
      absl::MutexLock lock(&mutex_);
      ++idle_;
      while (queue_.empty() && !stopping_) wake_.Wait(&mutex_);
      --idle_;
      if (queue_.empty()) return;
      task = std::move(queue_.front());
      queue_.pop_front();
    }
    std::move(task)();
  }
}

}  // namespace canvass::rpc
