// Stripe's webhooks as events. docs/howto/events.md lists what is read.
// Pure.
#ifndef CANVASS_SERVER_EVENTS_WEBHOOKS_STRIPE_H_
#define CANVASS_SERVER_EVENTS_WEBHOOKS_STRIPE_H_

#include <nlohmann/json_fwd.hpp>

#include "server/events/webhooks/webhook.h"

namespace canvass::events {

// What a call says about the object that changed.
WebhookItem ReadStripe(const nlohmann::json& payload);

}  // namespace canvass::events

#endif  // CANVASS_SERVER_EVENTS_WEBHOOKS_STRIPE_H_
