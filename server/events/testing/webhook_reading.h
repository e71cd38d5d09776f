// Webhooks' calls read in tests, and what came out of them in a form that is easily compared.
#ifndef CANVASS_SERVER_EVENTS_TESTING_WEBHOOK_READING_H_
#define CANVASS_SERVER_EVENTS_TESTING_WEBHOOK_READING_H_

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "server/events/webhooks/webhook.h"

namespace canvass::events::testing {

using Headers = absl::flat_hash_map<std::string, std::string>;

// ReadWebhook of the source `src`. A body that is not JSON fails the test.
std::vector<WebhookItem> ReadAll(v1::EventSource::Kind kind, absl::string_view body, Headers headers = {});
// The same of a call that has one item.
WebhookItem ReadOne(v1::EventSource::Kind kind, absl::string_view body, Headers headers = {});

// The item's facts; null if there is no event.
nlohmann::json DataOf(const WebhookItem& item);
// "CHANNEL_EMAIL ada@example.com; first_name=Ada; fr; Europe/Paris": empty if there is no contact.
std::string ContactText(const WebhookItem& item);

}  // namespace canvass::events::testing

#endif  // CANVASS_SERVER_EVENTS_TESTING_WEBHOOK_READING_H_
