#include "server/distribution/channels/sms.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "server/base/digest.h"
#include "server/distribution/channels/message_body.h"

namespace canvass::distribution {
namespace {

constexpr int kSha1Bytes = 20;

std::string HmacSha1(absl::string_view key, absl::string_view data) {
  std::string mac(kSha1Bytes, '\0');
  unsigned int size = 0;
  HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(data.data()),
       data.size(), reinterpret_cast<unsigned char*>(mac.data()), &size);
  return mac;
}

std::string EncodeField(absl::string_view text) {
  std::string encoded;
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (absl::ascii_isalnum(byte) || c == '-' || c == '.' || c == '_') {
      encoded.push_back(c);
    } else {
      absl::StrAppendFormat(&encoded, "%%%02X", byte);
    }
  }
  return encoded;
}

std::string DecodeField(absl::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_byte =
        text[i] == '%' && i + 2 < text.size() && absl::ascii_isxdigit(text[i + 1]) && absl::ascii_isxdigit(text[i + 2]);
    if (is_byte) {
      absl::StrAppend(&decoded, absl::HexStringToBytes(text.substr(i + 1, 2)));
      i += 2;
    } else {
      decoded.push_back(text[i] == '+' ? ' ' : text[i]);
    }
  }
  return decoded;
}

}  // namespace

std::string EncodeForm(const std::map<std::string, std::string>& fields) {
  std::string form;
  for (const auto& [name, value] : fields) {
    absl::StrAppend(&form, form.empty() ? "" : "&", EncodeField(name), "=", EncodeField(value));
  }
  return form;
}

std::map<std::string, std::string> DecodeForm(absl::string_view form) {
  std::map<std::string, std::string> fields;
  for (absl::string_view field : absl::StrSplit(form, '&', absl::SkipEmpty())) {
    const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(field, absl::MaxSplits('=', 1));
    fields.try_emplace(DecodeField(parts.first), DecodeField(parts.second));
  }
  return fields;
}

bool IsProvidersCall(absl::string_view secret, absl::string_view url, const std::map<std::string, std::string>& fields,
                     absl::string_view signature) {
  std::string content(url);
  for (const auto& [name, value] : fields) absl::StrAppend(&content, name, value);
  return ConstantTimeEquals(absl::Base64Escape(HmacSha1(secret, content)), signature);
}

SendResult FormPostProvider::Send(const v1::SmsSettings& account, const ShortMessage& message) {
  return http_.Post({.url = account.url(),
                     .headers = {"content-type: application/x-www-form-urlencoded", "expect:"},
                     .body = EncodeForm({{"To", std::string(message.to)},
                                         {"From", account.from()},
                                         {"Body", message.body},
                                         {"StatusCallback", message.status_url}}),
                     .user = account.account(),
                     .password = account.secret()});
}

std::string SmsChannel::Destination(const v1::ChannelSettings& settings) const {
  return settings.has_sms() ? HostAndPort(settings.sms().url()) : "";
}

SendResult SmsChannel::Send(const Outgoing& message) {
  if (!message.settings.has_sms()) return Refused("ChannelSettings.sms is not set");
  return provider_.Send(message.settings.sms(),
                        {.to = message.address,
                         .body = WriteShortBody(message, links_),
                         .status_url = links_.urls.SmsStatus(message.scope.tenant(), message.id)});
}

}  // namespace canvass::distribution
