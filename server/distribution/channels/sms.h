// The channel of text messages, by way of a provider that the tenant has an account with.
//
// FormPostProvider speaks the API that most providers offer: a form POST of To, From, Body and StatusCallback with
// basic authentication, and a signed form POST back that says what became of the message. Thread-safe; Send blocks.
#ifndef CANVASS_SERVER_DISTRIBUTION_CHANNELS_SMS_H_
#define CANVASS_SERVER_DISTRIBUTION_CHANNELS_SMS_H_

#include <map>
#include <string>

#include "absl/strings/string_view.h"
#include "server/distribution/channels/channel.h"
#include "server/distribution/channels/http_client.h"

namespace canvass::distribution {

struct ShortMessage {
  absl::string_view to;
  std::string body;
  // Where the provider reports what became of it.
  std::string status_url;
};

class SmsProvider {
 public:
  virtual ~SmsProvider() = default;
  virtual SendResult Send(const v1::SmsSettings& account, const ShortMessage& message) = 0;
};

class FormPostProvider final : public SmsProvider {
 public:
  explicit FormPostProvider(const HttpClient& http) : http_(http) {}
  SendResult Send(const v1::SmsSettings& account, const ShortMessage& message) override;

 private:
  const HttpClient& http_;
};

// A form as `application/x-www-form-urlencoded` writes it. Pure.
std::string EncodeForm(const std::map<std::string, std::string>& fields);

// The other way. Of a name that occurs twice the first value counts. Text that is not a form is read as far as it is
// one.
std::map<std::string, std::string> DecodeForm(absl::string_view form);

// Whether `signature`, the value of X-Twilio-Signature, is the one of a call of `url`, as the provider was given it,
// with the form `fields`: base64 of HMAC-SHA1 by `secret` over the url and all fields, sorted, names and values behind
// each other. Pure; takes the same time whatever the signature is.
bool IsProvidersCall(absl::string_view secret, absl::string_view url, const std::map<std::string, std::string>& fields,
                     absl::string_view signature);

class SmsChannel final : public Channel {
 public:
  SmsChannel(SmsProvider& provider, const MessageLinks& links) : provider_(provider), links_(links) {}

  std::string Destination(const v1::ChannelSettings& settings) const override;
  SendResult Send(const Outgoing& message) override;

 private:
  SmsProvider& provider_;
  const MessageLinks links_;
};

}  // namespace canvass::distribution

#endif  // CANVASS_SERVER_DISTRIBUTION_CHANNELS_SMS_H_
