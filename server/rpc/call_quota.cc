#include "server/rpc/call_quota.h"

#include "absl/time/time.h"
#include "server/base/error.h"

namespace canvass::rpc {

absl::Status InFlightQuota::Charge(const tenants::Principal& /*caller*/, const MethodPolicy& /*policy*/) {
  if (in_flight_.fetch_add(1, std::memory_order_relaxed) < limit_) return absl::OkStatus();
  in_flight_.fetch_sub(1, std::memory_order_relaxed);
  return OverloadedStatus();
}

void InFlightQuota::Release(const tenants::Principal& /*caller*/, const MethodPolicy& /*policy*/,
                            absl::StatusCode /*code*/) {
  in_flight_.fetch_sub(1, std::memory_order_relaxed);
}

absl::Status OverloadedStatus() {
  return RetryLater(absl::StatusCode::kResourceExhausted, v1::ERROR_REASON_OVERLOADED,
                    "the server has more calls than it can take; nothing was done, try again in a second",
                    absl::Seconds(1));
}

}  // namespace canvass::rpc
