// What the server answers when it refuses, as absl::Status. The details that google.rpc defines travel as payloads of
// the status; these functions read them.
//
//   absl::StatusOr<v1::Survey> survey = client->Call(&Surveys::GetSurvey, request);
//   if (!survey.ok() && Reason(survey.status()) == "SURVEY_NOT_FOUND") …
//   for (const Violation& violation : Violations(survey.status())) …
//
// Thread-safe: pure functions.
#ifndef CANVASS_CLIENT_CPP_STATUS_H_
#define CANVASS_CLIENT_CPP_STATUS_H_

#include <grpcpp/support/status.h>

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "canvass/v1/errors.pb.h"

namespace canvass::client {

// One bad field of a request.
struct Violation {
  // The path from the request's root, for example `survey.definition.questions[2].key`.
  std::string field;
  std::string description;
};

// The same code and message, and every detail as a payload under its type URL.
absl::Status FromGrpc(const grpc::Status& status);

// The same for one item of a batch, which is refused beside others that are not.
absl::Status FromProblem(const v1::Problem& problem);

// The stable reason, a name of canvass.v1.ErrorReason without its prefix; empty if the server gave none, as when the
// call never reached it.
std::string Reason(const absl::Status& status);

// Every bad field that the server names.
std::vector<Violation> Violations(const absl::Status& status);

// After which time the server wants the call again, if it says so.
std::optional<absl::Duration> RetryDelay(const absl::Status& status);

// The x-request-id of the call that failed; the server's log has it too. Empty if unknown.
std::string RequestId(const absl::Status& status);

// Notes the call's x-request-id on a failed status.
void SetRequestId(absl::Status& status, absl::string_view request_id);

}  // namespace canvass::client

#endif  // CANVASS_CLIENT_CPP_STATUS_H_
