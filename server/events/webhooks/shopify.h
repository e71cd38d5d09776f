// Shopify's webhooks as events. docs/howto/events.md lists what is read.
// Pure.
#ifndef CANVASS_SERVER_EVENTS_WEBHOOKS_SHOPIFY_H_
#define CANVASS_SERVER_EVENTS_WEBHOOKS_SHOPIFY_H_

#include <nlohmann/json_fwd.hpp>

#include "server/events/webhooks/webhook.h"

namespace canvass::events {

// What a call says whose topic (X-Shopify-Topic) is one of orders/* and fulfillments/*. The event's id is that of
// X-Shopify-Event-Id, which is the same for all webhooks of one event, and the topic.
WebhookItem ReadShopify(const WebhookCall& call, const nlohmann::json& payload);

}  // namespace canvass::events

#endif  // CANVASS_SERVER_EVENTS_WEBHOOKS_SHOPIFY_H_
