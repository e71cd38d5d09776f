// Segment's webhooks as events. docs/howto/events.md lists what is read.
// Pure.
#ifndef CANVASS_SERVER_EVENTS_WEBHOOKS_SEGMENT_H_
#define CANVASS_SERVER_EVENTS_WEBHOOKS_SEGMENT_H_

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "server/events/webhooks/webhook.h"

namespace canvass::events {

// What a call says, item by item: a single one, or a list of them if the destination sends batches.
std::vector<WebhookItem> ReadSegment(const nlohmann::json& payload);

}  // namespace canvass::events

#endif  // CANVASS_SERVER_EVENTS_WEBHOOKS_SEGMENT_H_
