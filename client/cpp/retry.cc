#include "client/cpp/retry.h"

#include <algorithm>
#include <cmath>

#include "client/cpp/status.h"

namespace canvass::client {

bool IsTransient(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
      return true;
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kAborted:
      return RetryDelay(status).has_value();
    default:
      return false;
  }
}

absl::Duration Backoff(const RetryPolicy& policy, int retry, double uniform) {
  const double growth = std::pow(policy.multiplier, std::min(retry, 60));
  const absl::Duration backoff = std::min(policy.initial_backoff * growth, policy.max_backoff);
  return backoff * (1 - policy.jitter * uniform);
}

std::optional<absl::Duration> Attempts::Next(const absl::Status& status, absl::Time now, double uniform) {
  if (!IsTransient(status) || retries_ >= policy_.max_retries) return std::nullopt;
  const absl::Duration asked = RetryDelay(status).value_or(absl::ZeroDuration());
  const absl::Duration delay = std::max(Backoff(policy_, retries_, uniform), asked);
  if (now + delay >= deadline_) return std::nullopt;
  ++retries_;
  return delay;
}

}  // namespace canvass::client
