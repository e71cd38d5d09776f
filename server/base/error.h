// Errors for callers: a status code, a stable reason (canvass.v1.ErrorReason) and, for bad input, every violation with
// its field path. They travel as the payloads that google.rpc defines (AIP-193), so any gRPC client can read them.
//
//   return Error(absl::StatusCode::kNotFound, v1::ERROR_REASON_SURVEY_NOT_FOUND,
//                absl::StrCat("survey '", id, "' does not exist; list them with ListSurveys"));
//
//   Violations violations;
//   violations.Add("answers[2].score", "11 is not on the scale 0 to 10");
//   CANVASS_RETURN_IF_ERROR(violations.ToStatus(v1::ERROR_REASON_INVALID_RESPONSE));
#ifndef CANVASS_SERVER_BASE_ERROR_H_
#define CANVASS_SERVER_BASE_ERROR_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "canvass/v1/errors.pb.h"

namespace canvass {

// Returns a status of `code` that carries `reason`. The message is for the caller: what, which value, which limit, what
// to do. Never text of a driver.
absl::Status Error(absl::StatusCode code, v1::ErrorReason reason, absl::string_view message);

// Error() for a single bad field: InvalidArgument with one violation at `field`.
absl::Status FieldError(v1::ErrorReason reason, absl::string_view field, absl::string_view description);

// ResourceExhausted or Unavailable with the time after which trying again makes sense (google.rpc.RetryInfo).
absl::Status RetryLater(absl::StatusCode code, v1::ErrorReason reason, absl::string_view message,
                        absl::Duration retry_after);

// The reason that `status` carries, ERROR_REASON_UNSPECIFIED if none.
v1::ErrorReason ReasonOf(const absl::Status& status);

// After which time trying again makes sense, if `status` says so.
std::optional<absl::Duration> RetryDelayOf(const absl::Status& status);

struct FieldViolation {
  std::string field;
  std::string description;
};

// The field violations that `status` carries.
std::vector<FieldViolation> ViolationsOf(const absl::Status& status);

// What `status`, which is not ok, says, as a part of an answer: code, reason, message and violations as they are.
v1::Problem ProblemOf(const absl::Status& status);

// Collects every violation of one request, so that the caller hears of all of them at once.
class Violations {
 public:
  // At most this many are reported; the message says how many there were in all.
  static constexpr std::size_t kMaxReported = 100;

  void Add(absl::string_view field, absl::string_view description);
  bool empty() const { return violations_.empty(); }
  const std::vector<FieldViolation>& list() const { return violations_; }
  // Ok if there are none, otherwise InvalidArgument with `reason` and all of them.
  absl::Status ToStatus(v1::ErrorReason reason) const;

 private:
  std::vector<FieldViolation> violations_;
};

}  // namespace canvass

#endif  // CANVASS_SERVER_BASE_ERROR_H_
