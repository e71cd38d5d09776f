// Mails as a stranger would send them to the address that bounces come to. None may crash, hang or be read as more than
// it says, and what is kept of one can be stored.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "server/distribution/channels/sms.h"
#include "server/distribution/feedback/bounce_mail.h"
#include "server/distribution/feedback/sms_status.h"

namespace canvass::distribution {
namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

void JudgeFeedback(const Feedback& feedback) {
  const v1::DeliveryReport& report = feedback.report;
  Require(report.verdict() != v1::DeliveryReport::VERDICT_UNSPECIFIED);
  Require(!feedback.suppress.has_value() || report.verdict() == v1::DeliveryReport::VERDICT_BOUNCED);
  Require(report.code().size() <= 20 && !absl::StrContains(report.detail(), "@"));
  v1::DeliveryReport again;
  Require(again.ParseFromString(report.SerializeAsString()));
}

}  // namespace
}  // namespace canvass::distribution

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, std::size_t size) {
  namespace distribution = canvass::distribution;
  const absl::string_view text(reinterpret_cast<const char*>(bytes), size);
  if (const auto bounce = distribution::ReadBounceMail(text); bounce.ok())
    distribution::JudgeFeedback(bounce->feedback);
  const std::map<std::string, std::string> form = distribution::DecodeForm(text);
  distribution::Require(distribution::DecodeForm(distribution::EncodeForm(form)) == form);
  if (const auto status = distribution::ReadSmsStatus(form); status.has_value()) {
    distribution::JudgeFeedback(*status);
  }
  return 0;
}
