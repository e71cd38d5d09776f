// Zendesk's webhooks as events. docs/howto/events.md lists what is read.
// Pure.
#ifndef CANVASS_SERVER_EVENTS_WEBHOOKS_ZENDESK_H_
#define CANVASS_SERVER_EVENTS_WEBHOOKS_ZENDESK_H_

#include <nlohmann/json_fwd.hpp>

#include "server/events/webhooks/webhook.h"

namespace canvass::events {

// What a call says: of an event subscription (ticket created, ticket status changed), or of a trigger or automation
// whose body has a `ticket`.
WebhookItem ReadZendesk(const nlohmann::json& payload);

}  // namespace canvass::events

#endif  // CANVASS_SERVER_EVENTS_WEBHOOKS_ZENDESK_H_
