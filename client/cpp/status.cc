#include "client/cpp/status.h"

#include "absl/strings/cord.h"
#include "absl/strings/strip.h"
#include "google/protobuf/any.pb.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace canvass::client {
namespace {

constexpr char kErrorInfoUrl[] = "type.googleapis.com/google.rpc.ErrorInfo";
constexpr char kBadRequestUrl[] = "type.googleapis.com/google.rpc.BadRequest";
constexpr char kRetryInfoUrl[] = "type.googleapis.com/google.rpc.RetryInfo";
constexpr char kRequestInfoUrl[] = "type.googleapis.com/google.rpc.RequestInfo";

template <typename Message>
std::optional<Message> ReadPayload(const absl::Status& status, absl::string_view url) {
  const auto payload = status.GetPayload(url);
  Message message;
  if (!payload.has_value() || !message.ParseFromString(std::string(*payload))) return std::nullopt;
  return message;
}

}  // namespace

absl::Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  absl::Status result(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
  google::rpc::Status details;
  if (!status.error_details().empty() && details.ParseFromString(status.error_details())) {
    for (const google::protobuf::Any& detail : details.details()) {
      result.SetPayload(detail.type_url(), absl::Cord(detail.value()));
    }
  }
  return result;
}

absl::Status FromProblem(const v1::Problem& problem) {
  absl::Status result(static_cast<absl::StatusCode>(problem.code()), problem.message());
  google::rpc::ErrorInfo info;
  info.set_domain("canvass");
  info.set_reason(std::string(absl::StripPrefix(v1::ErrorReason_Name(problem.reason()), "ERROR_REASON_")));
  result.SetPayload(kErrorInfoUrl, absl::Cord(info.SerializeAsString()));
  if (problem.violations().empty()) return result;
  google::rpc::BadRequest bad;
  for (const v1::FieldViolation& violation : problem.violations()) {
    auto* field = bad.add_field_violations();
    field->set_field(violation.field());
    field->set_description(violation.description());
  }
  result.SetPayload(kBadRequestUrl, absl::Cord(bad.SerializeAsString()));
  return result;
}

std::string Reason(const absl::Status& status) {
  const auto info = ReadPayload<google::rpc::ErrorInfo>(status, kErrorInfoUrl);
  return info.has_value() ? info->reason() : "";
}

std::vector<Violation> Violations(const absl::Status& status) {
  std::vector<Violation> violations;
  const auto bad = ReadPayload<google::rpc::BadRequest>(status, kBadRequestUrl);
  if (!bad.has_value()) return violations;
  for (const auto& violation : bad->field_violations()) {
    violations.push_back({violation.field(), violation.description()});
  }
  return violations;
}

std::optional<absl::Duration> RetryDelay(const absl::Status& status) {
  const auto info = ReadPayload<google::rpc::RetryInfo>(status, kRetryInfoUrl);
  if (!info.has_value() || !info->has_retry_delay()) return std::nullopt;
  return absl::Seconds(info->retry_delay().seconds()) + absl::Nanoseconds(info->retry_delay().nanos());
}

std::string RequestId(const absl::Status& status) {
  const auto info = ReadPayload<google::rpc::RequestInfo>(status, kRequestInfoUrl);
  return info.has_value() ? info->request_id() : "";
}

void SetRequestId(absl::Status& status, absl::string_view request_id) {
  google::rpc::RequestInfo info;
  info.set_request_id(std::string(request_id));
  status.SetPayload(kRequestInfoUrl, absl::Cord(info.SerializeAsString()));
}

}  // namespace canvass::client
