#include "server/events/webhooks/signature.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/base/digest.h"
#include "server/base/error.h"

namespace canvass::events {
namespace {

absl::Status Missing(absl::string_view header) {
  return Error(absl::StatusCode::kUnauthenticated, v1::ERROR_REASON_CREDENTIAL_MISSING,
               absl::StrCat("the call has no ", header, " header; let the other system sign its webhooks"));
}

absl::Status Wrong(absl::string_view header) {
  return Error(absl::StatusCode::kUnauthenticated, v1::ERROR_REASON_CREDENTIAL_INVALID,
               absl::StrCat(header,
                            " is not the signature of this body; check the event source's secret, and that "
                            "nothing on the way changes the body"));
}

absl::Status Compare(const WebhookCall& call, absl::string_view header, absl::string_view expected) {
  const absl::string_view sent = call.Header(absl::AsciiStrToLower(header));
  if (sent.empty()) return Missing(header);
  return ConstantTimeEquals(sent, expected) ? absl::OkStatus() : Wrong(header);
}

absl::Status VerifyZendesk(absl::string_view secret, const WebhookCall& call) {
  constexpr absl::string_view kTime = "X-Zendesk-Webhook-Signature-Timestamp";
  const absl::string_view time = call.Header(absl::AsciiStrToLower(kTime));
  if (time.empty()) return Missing(kTime);
  return Compare(call, "X-Zendesk-Webhook-Signature",
                 absl::Base64Escape(HmacSha256(secret, absl::StrCat(time, call.body))));
}

// Stripe-Signature: t=1492774577,v1=5257a8…,v1=… (several while a secret is being replaced),v0=…
absl::Status VerifyStripe(absl::string_view secret, const WebhookCall& call, absl::Time now) {
  constexpr absl::string_view kHeader = "Stripe-Signature";
  const absl::string_view header = call.Header("stripe-signature");
  if (header.empty()) return Missing(kHeader);
  absl::string_view time_text;
  std::vector<absl::string_view> signatures;
  for (const absl::string_view part : absl::StrSplit(header, ',')) {
    const std::pair<absl::string_view, absl::string_view> pair = absl::StrSplit(part, absl::MaxSplits('=', 1));
    const absl::string_view name = absl::StripAsciiWhitespace(pair.first);
    if (name == "t") time_text = pair.second;
    if (name == "v1") signatures.push_back(pair.second);
  }
  const std::string expected = absl::BytesToHexString(HmacSha256(secret, absl::StrCat(time_text, ".", call.body)));
  bool is_right = false;
  for (const absl::string_view signature : signatures) is_right |= ConstantTimeEquals(signature, expected);
  int64_t seconds = 0;
  if (!is_right || !absl::SimpleAtoi(time_text, &seconds)) return Wrong(kHeader);
  const absl::Duration age = now - absl::FromUnixSeconds(seconds);
  if (absl::AbsDuration(age) <= kMaxSignatureAge) return absl::OkStatus();
  return Error(absl::StatusCode::kUnauthenticated, v1::ERROR_REASON_CREDENTIAL_EXPIRED,
               absl::StrCat("the signature was made ", absl::FormatDuration(absl::Trunc(age, absl::Seconds(1))),
                            " before the server's time; at most ", absl::FormatDuration(kMaxSignatureAge),
                            " either way are allowed: check the clock, and let Stripe send the event anew"));
}

}  // namespace

absl::Status VerifySignature(v1::EventSource::Kind kind, absl::string_view secret, const WebhookCall& call,
                             absl::Time now) {
  switch (kind) {
    case v1::EventSource::KIND_SHOPIFY:
      return Compare(call, "X-Shopify-Hmac-Sha256", absl::Base64Escape(HmacSha256(secret, call.body)));
    case v1::EventSource::KIND_ZENDESK:
      return VerifyZendesk(secret, call);
    case v1::EventSource::KIND_SEGMENT:
      return Compare(call, "X-Signature", absl::BytesToHexString(HmacSha1(secret, call.body)));
    case v1::EventSource::KIND_STRIPE:
      return VerifyStripe(secret, call, now);
    default:
      return Error(absl::StatusCode::kInternal, v1::ERROR_REASON_INTERNAL, "an event source of an unknown kind");
  }
}

}  // namespace canvass::events
