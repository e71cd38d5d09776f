#include "server/http/intake/feedback_route.h"

#include <httplib.h>

#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/base/error.h"
#include "server/base/ids.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/distribution/channels/sms.h"
#include "server/distribution/feedback/bounce_mail.h"
#include "server/distribution/feedback/sms_status.h"
#include "server/http/intake/problem.h"

namespace canvass::http {
namespace {

constexpr char kSignature[] = "X-Twilio-Signature";
constexpr int kOk = 200;
constexpr int kAccepted = 202;

absl::Status NoSuchAddress() {
  return Error(absl::StatusCode::kNotFound, v1::ERROR_REASON_RESOURCE_NOT_FOUND,
               "there is no such tenant, or it does not take this here; check the address");
}

// The tenant and the secret that its provider signs with.
struct SmsAccount {
  tenants::TenantEntry tenant;
  std::string secret;
};

absl::StatusOr<SmsAccount> FindAccount(const IntakeParts& parts, const std::string& tenant) {
  if (!CheckChosenId("tenant", tenant).ok()) return NoSuchAddress();
  absl::StatusOr<tenants::TenantEntry> entry = parts.tenants.Find(TenantId(tenant));
  if (absl::IsNotFound(entry.status())) return NoSuchAddress();
  CANVASS_RETURN_IF_ERROR(entry.status());
  CANVASS_ASSIGN_OR_RETURN(const auto settings, parts.settings.Get(entry->scope));
  // Anybody can sign with an empty secret.
  if (settings->channels.sms().secret().empty()) return NoSuchAddress();
  return SmsAccount{.tenant = *std::move(entry), .secret = settings->channels.sms().secret()};
}

absl::Status VerifyProvider(const httplib::Request& request, absl::string_view secret, absl::string_view url,
                            const std::map<std::string, std::string>& form) {
  const std::string signature = request.get_header_value(kSignature);
  if (signature.empty()) {
    return Error(absl::StatusCode::kUnauthenticated, v1::ERROR_REASON_CREDENTIAL_MISSING,
                 "the call has no X-Twilio-Signature header; let the provider sign its callbacks");
  }
  if (distribution::IsProvidersCall(secret, url, form, signature)) return absl::OkStatus();
  return Error(absl::StatusCode::kUnauthenticated, v1::ERROR_REASON_CREDENTIAL_INVALID,
               "X-Twilio-Signature is not the signature of this call; check ChannelSettings.sms.secret, the server's "
               "public address, and that nothing on the way changes address or body");
}

void Ignore(absl::string_view detail, httplib::Response& response) {
  const nlohmann::ordered_json answer = {{"outcome", "IGNORED"}, {"detail", std::string(detail)}};
  response.status = kAccepted;
  response.set_content(Dump(answer), "application/json");
}

absl::Status Take(const IntakeParts& parts, const TenantScope& scope, const Uuid& message,
                  const distribution::Feedback& feedback, httplib::Response& response) {
  CANVASS_ASSIGN_OR_RETURN(const distribution::Taken taken, parts.take_feedback(scope, message, feedback));
  if (taken == distribution::Taken::kUnknown) {
    Ignore("the tenant has no such message", response);
    return absl::OkStatus();
  }
  const nlohmann::ordered_json answer = {{"outcome", taken == distribution::Taken::kKnown ? "KNOWN" : "NOTED"}};
  response.status = kOk;
  response.set_content(Dump(answer), "application/json");
  return absl::OkStatus();
}

}  // namespace

absl::Status TakeSmsStatus(const IntakeParts& parts, const httplib::Request& request, const std::string& body,
                           httplib::Response& response) {
  CANVASS_ASSIGN_OR_RETURN(const SmsAccount account, FindAccount(parts, request.matches[1].str()));
  const absl::StatusOr<Uuid> message = Uuid::Parse(request.get_param_value("message"));
  const std::map<std::string, std::string> form = distribution::DecodeForm(body);
  const std::string url = parts.urls.SmsStatus(account.tenant.scope.tenant(), message.value_or(Uuid()));
  CANVASS_RETURN_IF_ERROR(VerifyProvider(request, account.secret, url, form));
  const std::optional<distribution::Feedback> feedback = distribution::ReadSmsStatus(form);
  if (!feedback.has_value() || !message.ok()) {
    Ignore("MessageStatus is not a final one, or no message is named", response);
    return absl::OkStatus();
  }
  return Take(parts, account.tenant.scope, *message, *feedback, response);
}

absl::Status TakeBounce(const IntakeParts& parts, const httplib::Request& request, const std::string& body,
                        httplib::Response& response) {
  CANVASS_ASSIGN_OR_RETURN(const TenantScope scope,
                           parts.authorize(kPublishMethod, request.get_header_value("Authorization")));
  if (scope.tenant().value() != request.matches[1].str()) return NoSuchAddress();
  const absl::StatusOr<distribution::BounceMail> bounce = distribution::ReadBounceMail(body);
  if (!bounce.ok()) {
    Ignore(bounce.status().message(), response);
    return absl::OkStatus();
  }
  return Take(parts, scope, bounce->message, bounce->feedback, response);
}

}  // namespace canvass::http
