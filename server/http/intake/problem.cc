#include "server/http/intake/problem.h"

#include <httplib.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "server/base/error.h"

namespace canvass::http {
namespace {

using nlohmann::ordered_json;

constexpr absl::Duration kDefaultRetry = absl::Seconds(1);

std::string ReasonName(v1::ErrorReason reason) {
  const std::string& name = v1::ErrorReason_Name(reason);
  return std::string(absl::StripPrefix(name, "ERROR_REASON_"));
}

// "EVENT_ID_REUSED" → "Event id reused".
std::string Title(absl::string_view reason) {
  std::string title = absl::AsciiStrToLower(absl::StrReplaceAll(reason, {{"_", " "}}));
  if (!title.empty()) title[0] = absl::ascii_toupper(static_cast<unsigned char>(title[0]));
  return title;
}

void SetRetryAfter(const absl::Status& status, int http_status, httplib::Response& response) {
  const std::optional<absl::Duration> delay = RetryDelayOf(status);
  if (!delay.has_value() && http_status != 429 && http_status != 503) return;
  const absl::Duration whole = absl::Ceil(delay.value_or(kDefaultRetry), absl::Seconds(1));
  response.set_header("Retry-After", absl::StrCat(std::max<int64_t>(1, absl::ToInt64Seconds(whole))));
}

// Of those statuses without a reason that no fault is behind.
v1::ErrorReason ReasonFor(const absl::Status& status) {
  const v1::ErrorReason reason = ReasonOf(status);
  if (reason != v1::ERROR_REASON_UNSPECIFIED) return reason;
  const bool is_late = absl::IsDeadlineExceeded(status) || absl::IsCancelled(status);
  return is_late ? v1::ERROR_REASON_DEADLINE_EXCEEDED : v1::ERROR_REASON_INTERNAL;
}

}  // namespace

int HttpStatus(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kOk:
      return 200;
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kOutOfRange:
      return 400;
    case absl::StatusCode::kUnauthenticated:
      return 401;
    case absl::StatusCode::kPermissionDenied:
      return 403;
    case absl::StatusCode::kNotFound:
      return 404;
    case absl::StatusCode::kAborted:
    case absl::StatusCode::kAlreadyExists:
      return 409;
    case absl::StatusCode::kResourceExhausted:
      return 429;
    case absl::StatusCode::kCancelled:
      return 499;
    case absl::StatusCode::kUnimplemented:
      return 501;
    case absl::StatusCode::kUnavailable:
      return 503;
    case absl::StatusCode::kDeadlineExceeded:
      return 504;
    default:
      return 500;
  }
}

v1::Problem ToProblem(const absl::Status& status) {
  v1::Problem problem = ProblemOf(status);
  problem.set_reason(ReasonFor(status));
  return problem;
}

ordered_json ProblemJson(const v1::Problem& problem, int http_status) {
  const std::string reason = ReasonName(problem.reason());
  ordered_json json;
  json["type"] = absl::StrCat("urn:canvass:reason:", reason);
  json["title"] = Title(reason);
  json["status"] = http_status != 0 ? http_status : HttpStatus(static_cast<absl::StatusCode>(problem.code()));
  json["detail"] = problem.message();
  json["reason"] = reason;
  json["violations"] = ordered_json::array();
  for (const v1::FieldViolation& violation : problem.violations()) {
    json["violations"].push_back({{"field", violation.field()}, {"description", violation.description()}});
  }
  return json;
}

bool IsFault(const absl::Status& status) {
  return !status.ok() && (absl::IsInternal(status) || absl::IsUnknown(status) || absl::IsDataLoss(status) ||
                          ReasonFor(status) == v1::ERROR_REASON_INTERNAL);
}

void AnswerProblem(const absl::Status& status, const std::string& fault_id, httplib::Response& response,
                   int http_status) {
  const absl::Status shown =
      IsFault(status) ? Error(absl::StatusCode::kInternal, v1::ERROR_REASON_INTERNAL,
                              absl::StrCat("the server failed at this; when you report it, quote request ", fault_id))
                      : status;
  response.status = http_status != 0 ? http_status : HttpStatus(shown.code());
  SetRetryAfter(shown, response.status, response);
  response.set_content(Dump(ProblemJson(ToProblem(shown), response.status)), "application/problem+json");
}

std::string Dump(const ordered_json& json) {
  return json.dump(-1, ' ', /*ensure_ascii=*/false, ordered_json::error_handler_t::replace);
}

}  // namespace canvass::http
