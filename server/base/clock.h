// The source of time for everything but main/. Code takes a Clock& so that a test can move time.
//
//   absl::Time now = clock.Now();
//
// Thread-safe.
#ifndef CANVASS_SERVER_BASE_CLOCK_H_
#define CANVASS_SERVER_BASE_CLOCK_H_

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace canvass {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() const = 0;
  // Blocks the calling thread for `duration` of this clock's time.
  virtual void Sleep(absl::Duration duration) = 0;
};

// The machine's clock.
class SystemClock final : public Clock {
 public:
  absl::Time Now() const override;
  void Sleep(absl::Duration duration) override;
};

// A clock that stands still until a test moves it. Sleep() advances it at once.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(absl::Time start) : now_(start) {}
  absl::Time Now() const override;
  void Sleep(absl::Duration duration) override { Advance(duration); }
  void Advance(absl::Duration duration);

 private:
  mutable absl::Mutex mutex_;
  absl::Time now_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace canvass

#endif  // CANVASS_SERVER_BASE_CLOCK_H_
