#include "server/base/error.h"

#include <algorithm>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "google/rpc/error_details.pb.h"

namespace canvass {
namespace {

constexpr char kErrorInfoUrl[] = "type.googleapis.com/google.rpc.ErrorInfo";
constexpr char kBadRequestUrl[] = "type.googleapis.com/google.rpc.BadRequest";
constexpr char kRetryInfoUrl[] = "type.googleapis.com/google.rpc.RetryInfo";
constexpr char kDomain[] = "canvass";
constexpr char kReasonPrefix[] = "ERROR_REASON_";

void SetReason(absl::Status& status, v1::ErrorReason reason) {
  google::rpc::ErrorInfo info;
  info.set_domain(kDomain);
  // The enum's prefix is there for the proto's style alone; callers match the short name.
  info.set_reason(v1::ErrorReason_Name(reason).substr(sizeof(kReasonPrefix) - 1));
  status.SetPayload(kErrorInfoUrl, absl::Cord(info.SerializeAsString()));
}

template <typename Message>
bool ReadPayload(const absl::Status& status, absl::string_view url, Message& message) {
  const auto payload = status.GetPayload(url);
  return payload.has_value() && message.ParseFromString(std::string(*payload));
}

}  // namespace

absl::Status Error(absl::StatusCode code, v1::ErrorReason reason, absl::string_view message) {
  absl::Status status(code, message);
  SetReason(status, reason);
  return status;
}

absl::Status FieldError(v1::ErrorReason reason, absl::string_view field, absl::string_view description) {
  Violations violations;
  violations.Add(field, description);
  return violations.ToStatus(reason);
}

absl::Status RetryLater(absl::StatusCode code, v1::ErrorReason reason, absl::string_view message,
                        absl::Duration retry_after) {
  absl::Status status = Error(code, reason, message);
  google::rpc::RetryInfo retry;
  retry.mutable_retry_delay()->set_seconds(absl::ToInt64Seconds(retry_after));
  retry.mutable_retry_delay()->set_nanos(
      static_cast<int>(absl::ToInt64Nanoseconds(retry_after - absl::Trunc(retry_after, absl::Seconds(1)))));
  status.SetPayload(kRetryInfoUrl, absl::Cord(retry.SerializeAsString()));
  return status;
}

v1::ErrorReason ReasonOf(const absl::Status& status) {
  google::rpc::ErrorInfo info;
  v1::ErrorReason reason = v1::ERROR_REASON_UNSPECIFIED;
  if (ReadPayload(status, kErrorInfoUrl, info)) v1::ErrorReason_Parse(kReasonPrefix + info.reason(), &reason);
  return reason;
}

std::optional<absl::Duration> RetryDelayOf(const absl::Status& status) {
  google::rpc::RetryInfo retry;
  if (!ReadPayload(status, kRetryInfoUrl, retry)) return std::nullopt;
  return absl::Seconds(retry.retry_delay().seconds()) + absl::Nanoseconds(retry.retry_delay().nanos());
}

std::vector<FieldViolation> ViolationsOf(const absl::Status& status) {
  google::rpc::BadRequest bad;
  std::vector<FieldViolation> violations;
  if (!ReadPayload(status, kBadRequestUrl, bad)) return violations;
  for (const auto& violation : bad.field_violations()) {
    violations.push_back({violation.field(), violation.description()});
  }
  return violations;
}

v1::Problem ProblemOf(const absl::Status& status) {
  v1::Problem problem;
  problem.set_code(static_cast<int>(status.code()));
  problem.set_reason(ReasonOf(status));
  problem.set_message(std::string(status.message()));
  for (FieldViolation& violation : ViolationsOf(status)) {
    v1::FieldViolation& row = *problem.add_violations();
    row.set_field(std::move(violation.field));
    row.set_description(std::move(violation.description));
  }
  return problem;
}

void Violations::Add(absl::string_view field, absl::string_view description) {
  violations_.push_back({std::string(field), std::string(description)});
}

absl::Status Violations::ToStatus(v1::ErrorReason reason) const {
  if (violations_.empty()) return absl::OkStatus();
  const FieldViolation& first = violations_.front();
  std::string message = absl::StrCat(first.field, ": ", first.description);
  if (violations_.size() > 1) absl::StrAppend(&message, " (and ", violations_.size() - 1, " more)");
  absl::Status status = Error(absl::StatusCode::kInvalidArgument, reason, message);
  google::rpc::BadRequest bad;
  const std::size_t reported = std::min(violations_.size(), kMaxReported);
  for (std::size_t i = 0; i < reported; ++i) {
    auto* violation = bad.add_field_violations();
    violation->set_field(violations_[i].field);
    violation->set_description(violations_[i].description);
  }
  status.SetPayload(kBadRequestUrl, absl::Cord(bad.SerializeAsString()));
  return status;
}

}  // namespace canvass
