#include "server/distribution/channels/webhook.h"

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "server/base/digest.h"

namespace canvass::distribution {
namespace {

constexpr absl::string_view kSecretPrefix = "whsec_";

class Object {
 public:
  explicit Object(google::protobuf::Struct& fields) : fields_(*fields.mutable_fields()) {}

  Object& Text(const std::string& name, absl::string_view text) {
    fields_[name].set_string_value(std::string(text));
    return *this;
  }
  Object& Number(const std::string& name, double number) {
    fields_[name].set_number_value(number);
    return *this;
  }
  google::protobuf::Struct& Fields(const std::string& name) { return *fields_[name].mutable_struct_value(); }

 private:
  google::protobuf::Map<std::string, google::protobuf::Value>& fields_;
};

std::string TimeText(absl::Time time) { return absl::FormatTime("%Y-%m-%dT%H:%M:%E*SZ", time, absl::UTCTimeZone()); }

void FillData(const Outgoing& message, const MessageLinks& links, google::protobuf::Struct& fields) {
  const v1::Invitation& invitation = message.invitation.invitation;
  const std::string token = links.TokenOf(message);
  Object data(fields);
  data.Text("invitation", invitation.name()).Text("survey", invitation.survey());
  data.Text("contact", message.invitation.contact.value()).Number("reminder", message.reminder);
  data.Text("url", links.urls.Survey(token)).Text("token", token);
  data.Text("unsubscribe_url", links.UnsubscribeOf(message, v1::Invitation::CHANNEL_WEBHOOK));
  data.Text("expire_time", TimeText(FromProto(invitation.expire_time())));
  data.Text("language", message.contact.language());
  data.Fields("facts") = invitation.facts();
}

}  // namespace

std::string WebhookSignature(absl::Span<const std::string> secrets, absl::string_view id, absl::Time time,
                             absl::string_view body) {
  const std::string content = absl::StrCat(id, ".", absl::ToUnixSeconds(time), ".", body);
  std::vector<std::string> signatures;
  for (absl::string_view secret : secrets) {
    std::string key;
    if (!absl::ConsumePrefix(&secret, kSecretPrefix) || !absl::Base64Unescape(secret, &key)) continue;
    signatures.push_back(absl::StrCat("v1,", absl::Base64Escape(HmacSha256(key, content))));
  }
  return absl::StrJoin(signatures, " ");
}

std::string WebhookBody(const Outgoing& message, const MessageLinks& links) {
  const v1::Invitation& invitation = message.invitation.invitation;
  google::protobuf::Struct event;
  Object fields(event);
  fields.Text("specversion", "1.0").Text("id", message.id.ToString());
  fields.Text("type", message.reminder > 0 ? "canvass.invitation.reminder" : "canvass.invitation.due");
  fields.Text("source", absl::StrCat("canvass://tenants/", message.scope.tenant().value()));
  fields.Text("subject", message.invitation.contact.value()).Text("time", TimeText(message.now));
  fields.Text("datacontenttype", "application/json").Text("canvasscause", invitation.name());
  FillData(message, links, fields.Fields("data"));
  std::string json;
  // Facts were checked when they were stored: nothing in them that JSON cannot say.
  static_cast<void>(google::protobuf::util::MessageToJsonString(event, &json));
  return json;
}

std::string WebhookChannel::Destination(const v1::ChannelSettings& settings) const {
  return settings.has_webhook() ? HostAndPort(settings.webhook().url()) : "";
}

SendResult WebhookChannel::Send(const Outgoing& message) {
  if (!message.settings.has_webhook()) return Refused("ChannelSettings.webhook is not set");
  const v1::WebhookSettings& webhook = message.settings.webhook();
  const std::string body = WebhookBody(message, links_);
  const std::string id = message.id.ToString();
  const std::string signature = WebhookSignature({webhook.secret(), webhook.previous_secret()}, id, message.now, body);
  return http_.Post(
      {.url = webhook.url(),
       .headers = {"content-type: application/cloudevents+json; charset=utf-8", absl::StrCat("webhook-id: ", id),
                   absl::StrCat("webhook-timestamp: ", absl::ToUnixSeconds(message.now)),
                   absl::StrCat("webhook-signature: ", signature),
                   // libcurl would ask before it sends a long body, and wait.
                   "expect:"},
       .body = body});
}

}  // namespace canvass::distribution
