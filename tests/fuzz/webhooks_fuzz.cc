// Bodies as a stranger would send them, through all that reads them before or after the signature: the JSON parser, the
// adapters of every system, CloudEvents. None may crash, hang or let an exception out, and what they say must hold
// together.
//
// The first byte chooses the reader, the second how much of the rest is a header's value.
#include <fuzzer/FuzzedDataProvider.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "server/contacts/contact.h"
#include "server/events/event.h"
#include "server/events/webhooks/json_text.h"
#include "server/events/webhooks/signature.h"
#include "server/events/webhooks/webhook.h"
#include "server/http/intake/cloud_event.h"

namespace canvass {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'750'000'000);

void Require(bool holds) {
  if (!holds) std::abort();
}

void JudgeEvent(const v1::Event& event) {
  if (events::ValidateEvent(event, kNow).ok()) Require(!events::PrepareEvent(event).payload.empty());
}

void ReadWebhook(v1::EventSource::Kind kind, const events::WebhookCall& call) {
  // Nobody guesses a signature.
  Require(!events::VerifySignature(kind, "a secret of the fuzzer's own", call, kNow).ok());
  const absl::StatusOr<nlohmann::json> payload = events::ParseJson(call.body);
  if (!payload.ok()) return;
  const std::vector<events::WebhookItem> items = events::ReadWebhook(kind, "src", call, *payload);
  Require(!items.empty() || payload->is_array());
  for (const events::WebhookItem& item : items) {
    Require(item.event.has_value() == item.ignored.empty());
    if (item.event.has_value()) JudgeEvent(*item.event);
    if (item.contact.has_value()) Require(item.event.has_value() && contacts::ValidateContact(*item.contact).ok());
  }
}

void ReadCloudEvents(const std::string& header, const std::string& body, bool is_binary) {
  const absl::StatusOr<nlohmann::json> envelope =
      is_binary ? http::BinaryEnvelope({{"specversion", "1.0"}, {"id", header}, {header, "x"}}, header, body)
                : events::ParseJson(body);
  if (!envelope.ok()) return;
  const absl::StatusOr<v1::Event> event = http::ReadCloudEvent(*envelope, kNow);
  if (event.ok()) JudgeEvent(*event);
}

}  // namespace
}  // namespace canvass

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, std::size_t size) {
  using canvass::v1::EventSource;
  FuzzedDataProvider data(bytes, size);
  const int reader = data.ConsumeIntegralInRange(0, 5);
  const std::string header = data.ConsumeBytesAsString(data.ConsumeIntegral<uint8_t>());
  const std::string body = data.ConsumeRemainingBytesAsString();
  if (reader >= EventSource::Kind_MAX) {
    canvass::ReadCloudEvents(header, body, reader == EventSource::Kind_MAX);
    return 0;
  }
  const canvass::events::WebhookCall call = {.body = body,
                                             .headers = {{"x-shopify-topic", "orders/" + header},
                                                         {"x-shopify-event-id", header},
                                                         {"x-shopify-hmac-sha256", header},
                                                         {"x-zendesk-webhook-signature-timestamp", header},
                                                         {"x-zendesk-webhook-signature", header},
                                                         {"x-signature", header},
                                                         {"stripe-signature", header}}};
  canvass::ReadWebhook(static_cast<EventSource::Kind>(reader + 1), call);
  return 0;
}
