// Bounds how many asynchronous calls are in flight; the example is in client.h.
//
// Thread-safe. It must outlive the calls that it counts: WaitUntilEmpty() before it ends.
#ifndef CANVASS_CLIENT_CPP_CALL_WINDOW_H_
#define CANVASS_CLIENT_CPP_CALL_WINDOW_H_

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace canvass::client {

class CallWindow {
 public:
  explicit CallWindow(int size) : free_(size), size_(size) {}

  // Waits until fewer than `size` calls are in flight, then counts one more.
  void Enter() {
    absl::MutexLock lock(&mutex_, absl::Condition(+[](int* free) { return *free > 0; }, &free_));
    --free_;
  }

  // A call has ended. Once per Enter(), as the last thing that its callback does.
  void Leave() {
    absl::MutexLock lock(&mutex_);
    ++free_;
  }

  // Waits until no call is in flight.
  void WaitUntilEmpty() {
    absl::MutexLock lock(&mutex_, absl::Condition(+[](CallWindow* self) { return self->IsEmpty(); }, this));
  }

 private:
  // Evaluated by the mutex, while it is held: which the analysis cannot see.
  bool IsEmpty() const ABSL_NO_THREAD_SAFETY_ANALYSIS { return free_ == size_; }

  absl::Mutex mutex_;
  int free_ ABSL_GUARDED_BY(mutex_);
  const int size_;
};

}  // namespace canvass::client

#endif  // CANVASS_CLIENT_CPP_CALL_WINDOW_H_
