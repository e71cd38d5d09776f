#include "server/events/webhooks/segment.h"

#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "server/events/webhooks/contact_builder.h"
#include "server/events/webhooks/json_text.h"
#include "server/events/webhooks/payload.h"

namespace canvass::events {
namespace {

using nlohmann::json;

std::optional<v1::Contact> UserOf(const json& call, absl::string_view id) {
  return ContactBuilder(id)
      .Email(FirstTextAt(call, {"context.traits.email", "traits.email"}))
      .Phone(FirstTextAt(call, {"context.traits.phone", "traits.phone"}))
      .Language(TextAt(call, "context.locale"))
      .TimeZone(TextAt(call, "context.timezone"))
      .Attribute("first_name", FirstTextAt(call, {"context.traits.firstName", "context.traits.first_name"}))
      .Attribute("last_name", FirstTextAt(call, {"context.traits.lastName", "context.traits.last_name"}))
      .Attribute("name", TextAt(call, "context.traits.name"))
      .Build();
}

WebhookItem ReadCall(const json& call) {
  if (const std::string type = TextAt(call, "type"); type != "track") {
    return Ignored(absl::StrCat("a call of type '", type, "' is no track call"));
  }
  const std::string name = TextAt(call, "event");
  if (name.empty()) return Ignored("the track call names no event");
  const std::string user = FirstTextAt(call, {"userId", "anonymousId"});
  if (user.empty()) return Ignored("the track call has neither a userId nor an anonymousId");
  // Not sentAt, which is another with every attempt.
  const auto time = ParseTimestamp(FirstTextAt(call, {"timestamp", "originalTimestamp", "receivedAt"}));
  WebhookItem item = Happened(TextAt(call, "messageId"), absl::StrCat("segment.", TypePart(name)), user, time);
  const json* properties = At(call, "properties");
  if (properties != nullptr && properties->is_object()) ToStruct(*properties, *item.event->mutable_data());
  item.contact = UserOf(call, user);
  return item;
}

}  // namespace

std::vector<WebhookItem> ReadSegment(const json& payload) {
  if (!payload.is_array()) return {ReadCall(payload)};
  std::vector<WebhookItem> items;
  for (const json& call : payload) items.push_back(ReadCall(call));
  return items;
}

}  // namespace canvass::events
