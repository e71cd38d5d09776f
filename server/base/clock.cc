#include "server/base/clock.h"

#include "absl/time/clock.h"

namespace canvass {

absl::Time SystemClock::Now() const { return absl::Now(); }

void SystemClock::Sleep(absl::Duration duration) { absl::SleepFor(duration); }

absl::Time ManualClock::Now() const {
  absl::MutexLock lock(&mutex_);
  return now_;
}

void ManualClock::Advance(absl::Duration duration) {
  absl::MutexLock lock(&mutex_);
  now_ += duration;
}

}  // namespace canvass
