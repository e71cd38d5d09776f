// Threads for handlers that block, with a bounded queue in front of them.
//
//   WorkerPool workers({.threads = 16, .queue_limit = 1024});
//   if (!workers.TryRun([&] { … })) return Overloaded();
//
// Thread-safe, Stop() from one thread.
#ifndef CANVASS_SERVER_RPC_WORKER_POOL_H_
#define CANVASS_SERVER_RPC_WORKER_POOL_H_

#include <cstddef>
#include <deque>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/synchronization/mutex.h"

namespace canvass::rpc {

class WorkerPool {
 public:
  struct Options {
    int threads = 16;
    // How many tasks may wait beside those that run.
    std::size_t queue_limit = 1024;
  };

  explicit WorkerPool(const Options& options);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // Takes `task` to run it on one of the threads. False if the queue is full: then it is dropped without having run.
  [[nodiscard]] bool TryRun(absl::AnyInvocable<void()> task);

  // Takes nothing more, runs what is queued and joins the threads. The destructor does it, too.
  void Stop();

  // How many tasks wait.
  std::size_t waiting() const;

 private:
  void Work();

  const std::size_t queue_limit_;
  mutable absl::Mutex mutex_;
  // Not a Condition on the mutex, which would be evaluated at every unlock.
  absl::CondVar wake_;
  std::deque<absl::AnyInvocable<void()>> queue_ ABSL_GUARDED_BY(mutex_);
  std::size_t idle_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace canvass::rpc

#endif  // CANVASS_SERVER_RPC_WORKER_POOL_H_
