// Calls of other systems' webhooks: is one genuine, and what does it say?
//
//   CANVASS_RETURN_IF_ERROR(VerifySignature(source.kind(), source.secret(), call, clock.Now()));    // signature.h
//   CANVASS_ASSIGN_OR_RETURN(const nlohmann::json payload, ParseJson(call.body));
//   for (WebhookItem& item : ReadWebhook(source.kind(), "shop", call, payload)) …
//
// One adapter for each kind of system: {shopify,zendesk,segment,stripe}.{h,cc}. docs/howto/events.md lists what they
// read. Pure functions: the same call gives the same events, so that a repeated delivery is recognised.
#ifndef CANVASS_SERVER_EVENTS_WEBHOOKS_WEBHOOK_H_
#define CANVASS_SERVER_EVENTS_WEBHOOKS_WEBHOOK_H_

#include <google/protobuf/timestamp.pb.h>

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "canvass/v1/contact.pb.h"
#include "canvass/v1/event.pb.h"
#include "canvass/v1/event_source.pb.h"

namespace canvass::events {

// A call as it arrived.
struct WebhookCall {
  absl::string_view body;
  absl::flat_hash_map<std::string, std::string> headers;  // names in lower case

  // Empty if there is none.
  absl::string_view Header(absl::string_view name) const;
};

// One thing that a call says: an event, or why it is none of interest. Events are as the payload gives them; whether
// they can be taken in is for PublishEvents to say.
struct WebhookItem {
  std::optional<v1::Event> event;
  // What it tells about the event's customer.
  std::optional<v1::Contact> contact;
  // For the people who look at the other system's log of deliveries.
  std::string ignored;
};

WebhookItem Ignored(absl::string_view why);

// An item with an event of these attributes. Without `time` the event has none, for which it will be refused: one of
// our own would make a repeated delivery look like another event.
WebhookItem Happened(absl::string_view id, absl::string_view type, absl::string_view subject,
                     const std::optional<google::protobuf::Timestamp>& time);

// What a genuine call of the event source `source` says. At least one item, unless the payload is an empty list.
std::vector<WebhookItem> ReadWebhook(v1::EventSource::Kind kind, absl::string_view source, const WebhookCall& call,
                                     const nlohmann::json& payload);

}  // namespace canvass::events

#endif  // CANVASS_SERVER_EVENTS_WEBHOOKS_WEBHOOK_H_
