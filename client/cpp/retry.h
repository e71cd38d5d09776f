// When a failed call is tried again, and after how long.
//
//   Attempts attempts(policy, deadline);
//   while (…) {
//     absl::Status status = …;
//     std::optional<absl::Duration> delay = attempts.Next(status, now, random);
//     if (!delay.has_value()) return status;
//     …
//   }
//
// Not thread-safe; each call has its own.
#ifndef CANVASS_CLIENT_CPP_RETRY_H_
#define CANVASS_CLIENT_CPP_RETRY_H_

#include <optional>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "canvass/v1/api_key_service.pb.h"
#include "canvass/v1/invitation_service.pb.h"
#include "canvass/v1/response_service.pb.h"
#include "canvass/v1/trigger_service.pb.h"
#include "client/cpp/options.h"

namespace canvass::client {

// Whether sending the same request twice has the effect of sending it once. All of Canvass is so by design…
template <typename Request>
bool IsRepeatable(const Request& request) {
  return true;
}
// …but for what makes secrets that are shown once, …
inline bool IsRepeatable(const v1::CreateApiKeyRequest& request) { return false; }
inline bool IsRepeatable(const v1::RotateApiKeyRequest& request) { return false; }
// …for what starts a long operation each time, …
inline bool IsRepeatable(const v1::BacktestTriggerRequest& request) { return false; }
// …for invitations made by hand without a request_id, …
inline bool IsRepeatable(const v1::CreateInvitationRequest& request) { return !request.request_id().empty(); }
// …and for answers that carry neither an invitation's token nor a request_id.
inline bool IsRepeatable(const v1::SubmitResponseRequest& request) {
  return !request.invitation_token().empty() || !request.request_id().empty();
}

// Whether the same call may succeed a little later: UNAVAILABLE; DEADLINE_EXCEEDED of one attempt; RESOURCE_EXHAUSTED
// and ABORTED where the server says after which delay to come back.
bool IsTransient(const absl::Status& status);

// The pause before retry number `retry` (from 0). `uniform` is a random number in [0, 1).
absl::Duration Backoff(const RetryPolicy& policy, int retry, double uniform);

// The attempts of one call.
class Attempts {
 public:
  Attempts(const RetryPolicy& policy, absl::Time deadline) : policy_(policy), deadline_(deadline) {}

  absl::Time deadline() const { return deadline_; }

  // The pause before the next attempt: at least what the server asks for. Nothing if there shall be none: the failure
  // is final, or the deadline would pass meanwhile.
  std::optional<absl::Duration> Next(const absl::Status& status, absl::Time now, double uniform);

 private:
  RetryPolicy policy_;
  absl::Time deadline_;
  int retries_ = 0;
};

}  // namespace canvass::client

#endif  // CANVASS_CLIENT_CPP_RETRY_H_
