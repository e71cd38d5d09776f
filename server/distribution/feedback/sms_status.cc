#include "server/distribution/feedback/sms_status.h"

#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"
#include "server/base/text/characters.h"
#include "server/distribution/channels/smtp_client.h"

namespace canvass::distribution {
namespace {

using v1::DeliveryReport;

constexpr std::size_t kMaxCode = 20;

std::string FieldOf(const std::map<std::string, std::string>& fields, const std::string& name) {
  const auto found = fields.find(name);
  return found == fields.end() || !IsUtf8(found->second) ? "" : found->second;
}

DeliveryReport::Verdict VerdictOf(absl::string_view status) {
  if (status == "delivered" || status == "read") return DeliveryReport::VERDICT_DELIVERED;
  const bool bounced = status == "undelivered" || status == "failed" || status == "canceled";
  return bounced ? DeliveryReport::VERDICT_BOUNCED : DeliveryReport::VERDICT_UNSPECIFIED;
}

std::optional<v1::Suppression::Reason> SuppressFor(absl::string_view code) {
  if (code == "21211" || code == "21614" || code == "30005" || code == "30006") return v1::Suppression::REASON_BOUNCED;
  if (code == "21610") return v1::Suppression::REASON_UNSUBSCRIBED;
  return std::nullopt;
}

}  // namespace

std::optional<Feedback> ReadSmsStatus(const std::map<std::string, std::string>& fields) {
  const std::string status = absl::AsciiStrToLower(FieldOf(fields, "MessageStatus"));
  Feedback feedback{.channel = v1::Invitation::CHANNEL_SMS};
  feedback.report.set_verdict(VerdictOf(status));
  if (feedback.report.verdict() == DeliveryReport::VERDICT_UNSPECIFIED) return std::nullopt;
  feedback.report.set_code(std::string(Shorten(FieldOf(fields, "ErrorCode"), kMaxCode)));
  feedback.report.set_detail(WithoutAddresses(FieldOf(fields, "ErrorMessage")));
  if (feedback.report.detail().empty()) feedback.report.set_detail(status);
  if (feedback.report.verdict() == DeliveryReport::VERDICT_BOUNCED) {
    feedback.suppress = SuppressFor(feedback.report.code());
    feedback.addresses.push_back(FieldOf(fields, "To"));
  }
  return feedback;
}

}  // namespace canvass::distribution
