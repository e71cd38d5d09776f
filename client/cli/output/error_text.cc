#include "client/cli/output/error_text.h"

#include <algorithm>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "client/charts/number_text.h"
#include "client/charts/text_width.h"
#include "client/cli/exit_code.h"
#include "client/cpp/status.h"

namespace canvass::cli {
namespace {

struct Advice {
  absl::string_view reason;
  absl::string_view text;
};

constexpr Advice kAdvice[] = {
    {"CREDENTIAL_EXPIRED", "ask an admin for a new key (canvass key create) and save it (canvass context add)"},
    {"TENANT_SUSPENDED", "reads still work; the operator can resume it (canvass tenant resume)"},
    {"INVALID_RESOURCE_NAME", "names are tenants/acme/surveys/x; short ones are completed, the tenant with --tenant"},
    {"RESOURCE_EXISTS", "choose another id, or change what is there"},
    {"ETAG_MISMATCH", "somebody else changed it; get it again, change that, apply it again"},
    {"REQUEST_ID_REUSED", "use another request_id for other content"},
    {"NOT_IMPLEMENTED", "this server cannot do it yet; its CHANGELOG says what it can"},
    {"MESSAGE_TOO_LARGE", "send less at a time"},
    {"OVERLOADED", "try again in a moment"},
    {"QUOTA_EXCEEDED", "try again later, or ask the operator for a larger quota"},
    {"OUTCOME_UNKNOWN", "send the same again; nothing is done twice"},
    {"CONFLICT", "try again"},
    {"INTERNAL", "look for the request in the server's log, or quote it when you report this"},
    {"INVALID_SURVEY", "correct the file and apply it again"},
    {"SURVEY_NOT_FOUND", "list them: canvass survey list"},
    {"SURVEY_NOT_PUBLISHED", "publish it: canvass survey publish"},
    {"SURVEY_CLOSED", "take answers again: canvass survey reopen"},
    {"SURVEY_ARCHIVED", "bring it back: canvass survey restore"},
    {"QUOTA_FULL", "so many responses of this kind are wanted and no more; canvass survey get shows the quotas"},
    {"CONTACT_NOT_FOUND", "list them: canvass contact list"},
    {"CONTACT_OPTED_OUT", "the customer's wish holds; canvass suppression list shows what is suppressed"},
    {"CONTACT_NOT_REACHABLE", "choose another --channel, or give the customer an address: canvass contact upsert"},
    {"FREQUENCY_CAP_REACHED", "wait, or ask all the same with --ignore-frequency-caps"},
    {"DAILY_LIMIT_REACHED", "ask on another day (--at), or raise it: canvass policy apply"},
    {"QUIET_HOURS", "ask at another time: --at"},
    {"EVENT_ID_REUSED", "the source must give another event another id"},
    {"EVENT_NOT_FOUND", "list them: canvass event list"},
    {"INVALID_TRIGGER", "correct the file and apply it again"},
    {"TRIGGER_NOT_FOUND", "list them: canvass trigger list"},
    {"OPERATION_NOT_FOUND", "list them: canvass operation list"},
    {"DECISION_NOT_FOUND", "list them: canvass decision list --trigger ID"},
    {"INVITATION_NOT_FOUND", "list them: canvass invitation list"},
    {"INVITATION_TOKEN_INVALID", "get a fresh one: canvass invitation pending CONTACT"},
    {"INVITATION_NOT_OPEN", "canvass invitation get shows its state and when it is due"},
    {"RESPONSE_NOT_FOUND", "list them: canvass response list --survey ID"},
    {"INVALID_RESPONSE", "canvass survey versions shows the questions and what they take"},
    {"CONTACT_ANSWERED", "canvass survey get shows how often one contact may answer"},
    {"PARTIAL_RESPONSE_NOT_FOUND", "it was never saved, completed since, or too old"},
    {"INVALID_METRIC_QUERY", "canvass survey get shows the questions and breakdowns"},
};

// What depends on how the call was made.
std::string ConnectionAdvice(const absl::Status& status, absl::string_view reason, const ErrorContext& context) {
  const bool no_key = reason == "CREDENTIAL_MISSING" || context.credential_source.empty();
  if (reason == "CREDENTIAL_MISSING" || reason == "CREDENTIAL_INVALID") {
    return no_key ? "give a key: canvass context add NAME --address ADDRESS, or CANVASS_KEY_FILE, or CANVASS_KEY"
                  : absl::StrCat("the key came from ", context.credential_source, "; is it whole, and this server's?");
  }
  if (reason == "PERMISSION_DENIED") {
    return absl::StrCat("the key of ", context.credential_source, " has another role; use one that may do this");
  }
  if (status.code() == absl::StatusCode::kUnavailable && reason.empty()) {
    return absl::StrCat("is a server listening at ", context.address,
                        "? Others: --address, CANVASS_ADDRESS, canvass context use. All but loopback is spoken to with "
                        "TLS; write http:// before an address that has none");
  }
  if (status.code() == absl::StatusCode::kDeadlineExceeded) return "try again, or give it more time: --timeout 60s";
  return "";
}

std::string Next(const absl::Status& status, absl::string_view reason, const ErrorContext& context) {
  std::string advice = ConnectionAdvice(status, reason, context);
  if (!advice.empty()) return advice;
  const auto* found =
      std::find_if(std::begin(kAdvice), std::end(kAdvice), [&](const Advice& one) { return one.reason == reason; });
  if (found != std::end(kAdvice)) return std::string(found->text);
  if (const auto delay = client::RetryDelay(status); delay.has_value()) {
    return absl::StrCat("try again in ", charts::DurationText(*delay));
  }
  return "";
}

std::string Headline(const absl::Status& status, const std::vector<client::Violation>& violations) {
  // The server's message repeats the first violation; all of them follow.
  if (!violations.empty() && absl::StartsWith(status.message(), violations.front().field)) {
    return absl::StrCat("the server refused ", violations.size(), violations.size() == 1 ? " field" : " fields");
  }
  return charts::Printable(status.message());
}

}  // namespace

std::string ErrorText(const absl::Status& status, const ErrorContext& context, const charts::ChartStyle& style) {
  const std::string mark = charts::Paint(style, charts::Color::kRed, "error:");
  std::string text;
  if (IsUsageError(status) || IsPartlyDone(status) || IsNotGood(status)) {
    // Ours, and made of lines where a file has several faults.
    for (const absl::string_view line : absl::StrSplit(status.message(), '\n')) {
      absl::StrAppend(&text, mark, " ", charts::Printable(line), "\n");
    }
    return text;
  }
  const std::vector<client::Violation> violations = client::Violations(status);
  const std::string reason = client::Reason(status);
  const std::string request = client::RequestId(status);
  absl::StrAppend(&text, mark, " ", Headline(status, violations), "\n");
  for (const client::Violation& violation : violations) {
    const std::string place =
        context.locations == nullptr ? "" : absl::StrCat(context.locations->Find(violation.field), ": ");
    absl::StrAppend(&text, "  ", place, charts::Printable(violation.field), ": ",
                    charts::Printable(violation.description), "\n");
  }
  const std::string code = absl::StatusCodeToString(status.code());
  absl::StrAppend(&text, charts::Paint(style, charts::Color::kDim, "  reason:"), " ", reason.empty() ? code : reason,
                  request.empty() ? "" : absl::StrCat(", request ", request), "\n");
  const std::string next = Next(status, reason, context);
  if (!next.empty()) absl::StrAppend(&text, charts::Paint(style, charts::Color::kDim, "  next:"), " ", next, "\n");
  return text;
}

}  // namespace canvass::cli
