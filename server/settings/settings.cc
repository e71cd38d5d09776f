#include "server/settings/settings.h"

#include <algorithm>
#include <optional>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/base/text/characters.h"
#include "server/settings/protection.h"

namespace canvass::settings {
namespace {

constexpr char kPolicy[] = "contactPolicy";
constexpr char kChannels[] = "channelSettings";
constexpr int kMaxDailyLimit = 100'000'000;
constexpr absl::Duration kMinRetention = absl::Hours(24);
constexpr absl::Duration kMaxRetention = absl::Hours(24 * 3650);
constexpr std::size_t kMaxBrandName = 100;
constexpr std::size_t kMaxBrandUrl = 500;
constexpr std::size_t kMaxEndpointUrl = 1000;
constexpr std::size_t kMaxMailAddress = 254;
constexpr std::size_t kMaxAccount = 200;
constexpr std::size_t kMaxSenderLetters = 11;
constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kMinSecretBytes = 24;
constexpr std::size_t kMaxSecretBytes = 64;
constexpr char kSecretPrefix[] = "whsec_";

absl::Status CheckName(const TenantScope& scope, absl::string_view kind, absl::string_view field,
                       absl::string_view name) {
  absl::string_view parent = name;
  if (!absl::ConsumeSuffix(&parent, absl::StrCat("/", kind))) {
    return FieldError(v1::ERROR_REASON_INVALID_RESOURCE_NAME, field, absl::StrCat("must be tenants/{tenant}/", kind));
  }
  return CheckParent(scope, parent);
}

bool IsAlphanumeric(absl::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)); });
}

bool IsColor(absl::string_view text) {
  return text.size() == 7 && text[0] == '#' && std::all_of(text.begin() + 1, text.end(), [](char c) {
           return absl::ascii_isxdigit(static_cast<unsigned char>(c));
         });
}

// Whoever reads the address later parses it strictly; this refuses what can never be one.
void CheckUrl(absl::string_view field, absl::string_view url, bool allow_http, std::size_t max_bytes,
              Violations& violations) {
  const bool known_scheme = absl::StartsWith(url, "https://") || (allow_http && absl::StartsWith(url, "http://"));
  const bool printable = std::all_of(url.begin(), url.end(), [](char c) {
    return absl::ascii_isgraph(static_cast<unsigned char>(c)) && c != '"' && c != '<' && c != '>' && c != '\\';
  });
  if (url.size() > max_bytes) {
    violations.Add(field, absl::StrCat(url.size(), " bytes; at most ", max_bytes, " are allowed"));
  } else if (!known_scheme || !printable || url.size() < 10) {
    violations.Add(field, "is not an address that starts with https:// and holds no spaces or quotes");
  }
}

void CheckMailAddress(absl::string_view field, absl::string_view address, Violations& violations) {
  const std::size_t at = address.rfind('@');
  const bool shaped = at != absl::string_view::npos && at > 0 && at + 1 < address.size() &&
                      address.size() <= kMaxMailAddress && IsUtf8(address) && !HasControlCharacter(address) &&
                      address.find_first_of(" <>,;\"") == absl::string_view::npos;
  if (!shaped) violations.Add(field, "is not a mail address, such as feedback@example.com, of at most 254 bytes");
}

void CheckOneLine(absl::string_view field, absl::string_view text, std::size_t max_characters, Violations& violations) {
  CheckLength(field, text, max_characters, violations);
  if (HasControlCharacter(text)) violations.Add(field, "must be one line without control characters");
}

// Whether `secret` is `whsec_` and 24 to 64 bytes in base64.
bool IsWebhookSecret(absl::string_view secret) {
  std::string bytes;
  return absl::ConsumePrefix(&secret, kSecretPrefix) && absl::Base64Unescape(secret, &bytes) &&
         bytes.size() >= kMinSecretBytes && bytes.size() <= kMaxSecretBytes;
}

void CheckBrand(const v1::Brand& brand, Violations& violations) {
  CheckOneLine("channel_settings.brand.display_name", brand.display_name(), kMaxBrandName, violations);
  if (!brand.logo_url().empty()) {
    CheckUrl("channel_settings.brand.logo_url", brand.logo_url(), /*allow_http=*/false, kMaxBrandUrl, violations);
  }
  if (!brand.privacy_url().empty()) {
    CheckUrl("channel_settings.brand.privacy_url", brand.privacy_url(), /*allow_http=*/false, kMaxBrandUrl, violations);
  }
  if (!brand.color().empty() && !IsColor(brand.color())) {
    violations.Add("channel_settings.brand.color",
                   absl::StrCat("'", absl::Utf8SafeCHexEscape(Shorten(brand.color(), 20)),
                                "' is not #RRGGBB, for example ", kDefaultColor));
  }
}

void CheckEmail(const v1::EmailSettings& email, Violations& violations) {
  CheckMailAddress("channel_settings.email.from_address", email.from_address(), violations);
  CheckOneLine("channel_settings.email.from_name", email.from_name(), kMaxBrandName, violations);
  if (!email.reply_to().empty()) CheckMailAddress("channel_settings.email.reply_to", email.reply_to(), violations);
}

void NormalizeWebhook(const v1::WebhookSettings& stored, Random& random, v1::WebhookSettings& webhook,
                      Violations& violations) {
  // Plain http is let through here: whether the operator allows it is known only where it is called.
  CheckUrl("channel_settings.webhook.url", webhook.url(), /*allow_http=*/true, kMaxEndpointUrl, violations);
  webhook.clear_generated_secret();
  if (webhook.secret().empty()) webhook.set_secret(stored.secret());
  if (webhook.secret().empty()) {
    webhook.set_secret(absl::StrCat(kSecretPrefix, absl::Base64Escape(random.Bytes(kSecretBytes))));
    webhook.set_generated_secret(webhook.secret());
  }
  if (!IsWebhookSecret(webhook.secret())) {
    violations.Add("channel_settings.webhook.secret", "is not whsec_ and 24 to 64 bytes in base64");
  }
  if (!webhook.previous_secret().empty() && !IsWebhookSecret(webhook.previous_secret())) {
    violations.Add("channel_settings.webhook.previous_secret", "is not whsec_ and 24 to 64 bytes in base64");
  }
}

void NormalizeSms(const v1::SmsSettings& stored, v1::SmsSettings& sms, Violations& violations) {
  CheckUrl("channel_settings.sms.url", sms.url(), /*allow_http=*/true, kMaxEndpointUrl, violations);
  CheckOneLine("channel_settings.sms.account", sms.account(), kMaxAccount, violations);
  if (sms.account().empty()) violations.Add("channel_settings.sms.account", "is required");
  if (sms.secret().empty()) sms.set_secret(stored.secret());
  if (sms.secret().empty()) violations.Add("channel_settings.sms.secret", "is required the first time");
  const bool number = absl::StartsWith(sms.from(), "+") && sms.from().size() >= 8 && sms.from().size() <= 16 &&
                      IsAlphanumeric(absl::string_view(sms.from()).substr(1));
  const bool letters = !sms.from().empty() && sms.from().size() <= kMaxSenderLetters && IsAlphanumeric(sms.from());
  if (!number && !letters) {
    violations.Add("channel_settings.sms.from",
                   "is neither a number such as +420601234567 nor 1 to 11 letters and digits");
  }
}

}  // namespace

std::string PolicyName(const TenantScope& scope) { return absl::StrCat(ResourceName(scope.tenant()), "/", kPolicy); }

std::string ChannelsName(const TenantScope& scope) {
  return absl::StrCat(ResourceName(scope.tenant()), "/", kChannels);
}

absl::Status CheckPolicyName(const TenantScope& scope, absl::string_view field, absl::string_view name) {
  return CheckName(scope, kPolicy, field, name);
}

absl::Status CheckChannelsName(const TenantScope& scope, absl::string_view field, absl::string_view name) {
  return CheckName(scope, kChannels, field, name);
}

absl::Status NormalizePolicy(v1::ContactPolicy& policy) {
  Violations violations;
  NormalizeCaps("contact_policy.frequency_caps", *policy.mutable_frequency_caps(), violations);
  if (policy.has_quiet_hours()) {
    NormalizeQuietHours("contact_policy.quiet_hours", *policy.mutable_quiet_hours(), violations);
  }
  if (policy.daily_limit() < 0 || policy.daily_limit() > kMaxDailyLimit) {
    violations.Add("contact_policy.daily_limit",
                   absl::StrCat(policy.daily_limit(), " is not within 0 to ", kMaxDailyLimit));
  }
  std::set<int> channels;
  for (int i = 0; i < policy.consent_required_size(); ++i) {
    const int channel = policy.consent_required(i);
    if (channel != v1::Invitation::CHANNEL_EMAIL && channel != v1::Invitation::CHANNEL_SMS) {
      violations.Add(absl::StrCat("contact_policy.consent_required[", i, "]"),
                     "is not a channel with addresses; only CHANNEL_EMAIL and CHANNEL_SMS know consent");
    } else if (!channels.insert(channel).second) {
      violations.Add(absl::StrCat("contact_policy.consent_required[", i, "]"), "is there twice");
    }
  }
  if (policy.has_event_retention()) {
    CheckDuration("contact_policy.event_retention", kMinRetention, kMaxRetention, "1 to 3,650 days",
                  *policy.mutable_event_retention(), violations);
  }
  return violations.ToStatus(v1::ERROR_REASON_INVALID_SETTINGS);
}

std::optional<absl::Duration> EventRetentionOf(const v1::ContactPolicy& policy) {
  if (!policy.has_event_retention()) return std::nullopt;
  return FromProto(policy.event_retention());
}

absl::Status NormalizeChannels(const v1::ChannelSettings& stored, Random& random, v1::ChannelSettings& channels) {
  Violations violations;
  if (channels.has_brand()) CheckBrand(channels.brand(), violations);
  if (channels.has_email()) CheckEmail(channels.email(), violations);
  if (channels.has_webhook()) NormalizeWebhook(stored.webhook(), random, *channels.mutable_webhook(), violations);
  if (channels.has_sms()) NormalizeSms(stored.sms(), *channels.mutable_sms(), violations);
  return violations.ToStatus(v1::ERROR_REASON_INVALID_SETTINGS);
}

void HideSecrets(v1::ChannelSettings& channels) {
  if (channels.has_webhook()) {
    channels.mutable_webhook()->clear_secret();
    channels.mutable_webhook()->clear_previous_secret();
  }
  if (channels.has_sms()) channels.mutable_sms()->clear_secret();
}

}  // namespace canvass::settings
