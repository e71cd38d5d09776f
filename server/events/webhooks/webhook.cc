#include "server/events/webhooks/webhook.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/events/webhooks/segment.h"
#include "server/events/webhooks/shopify.h"
#include "server/events/webhooks/stripe.h"
#include "server/events/webhooks/zendesk.h"

namespace canvass::events {
namespace {

std::vector<WebhookItem> ReadItems(v1::EventSource::Kind kind, const WebhookCall& call, const nlohmann::json& payload) {
  switch (kind) {
    case v1::EventSource::KIND_SHOPIFY:
      return {ReadShopify(call, payload)};
    case v1::EventSource::KIND_ZENDESK:
      return {ReadZendesk(payload)};
    case v1::EventSource::KIND_SEGMENT:
      return ReadSegment(payload);
    case v1::EventSource::KIND_STRIPE:
      return {ReadStripe(payload)};
    default:
      return {Ignored("this server does not know the kind of the event source")};
  }
}

}  // namespace

absl::string_view WebhookCall::Header(absl::string_view name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? absl::string_view() : absl::string_view(found->second);
}

WebhookItem Ignored(absl::string_view why) {
  WebhookItem item;
  item.ignored = std::string(why);
  return item;
}

WebhookItem Happened(absl::string_view id, absl::string_view type, absl::string_view subject,
                     const std::optional<google::protobuf::Timestamp>& time) {
  WebhookItem item;
  v1::Event& event = item.event.emplace();
  event.set_id(std::string(id));
  event.set_type(std::string(type));
  event.set_subject(std::string(subject));
  if (time.has_value()) *event.mutable_time() = *time;
  return item;
}

std::vector<WebhookItem> ReadWebhook(v1::EventSource::Kind kind, absl::string_view source, const WebhookCall& call,
                                     const nlohmann::json& payload) {
  std::vector<WebhookItem> items = ReadItems(kind, call, payload);
  for (WebhookItem& item : items) {
    if (item.event.has_value()) item.event->set_source(absl::StrCat("/eventSources/", source));
  }
  return items;
}

}  // namespace canvass::events
