#include "server/events/testing/webhook_reading.h"

#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/events/webhooks/json_text.h"

namespace canvass::events::testing {

std::vector<WebhookItem> ReadAll(v1::EventSource::Kind kind, absl::string_view body, Headers headers) {
  const absl::StatusOr<nlohmann::json> payload = ParseJson(body);
  EXPECT_TRUE(payload.ok()) << payload.status();
  if (!payload.ok()) return {};
  return ReadWebhook(kind, "src", WebhookCall{.body = body, .headers = std::move(headers)}, *payload);
}

WebhookItem ReadOne(v1::EventSource::Kind kind, absl::string_view body, Headers headers) {
  std::vector<WebhookItem> items = ReadAll(kind, body, std::move(headers));
  EXPECT_EQ(items.size(), 1U);
  return items.empty() ? WebhookItem() : std::move(items.front());
}

nlohmann::json DataOf(const WebhookItem& item) {
  if (!item.event.has_value()) return nullptr;
  std::string text;
  EXPECT_TRUE(google::protobuf::util::MessageToJsonString(item.event->data(), &text).ok());
  return nlohmann::json::parse(text);
}

std::string ContactText(const WebhookItem& item) {
  if (!item.contact.has_value()) return "";
  std::vector<std::string> parts;
  for (const v1::Address& address : item.contact->addresses()) {
    parts.push_back(absl::StrCat(v1::Invitation::Channel_Name(address.channel()), " ", address.value(),
                                 address.consent() == v1::Address::CONSENT_UNSPECIFIED ? "" : " with consent"));
  }
  std::map<std::string, std::string> attributes;
  for (const auto& [key, value] : item.contact->attributes().fields()) attributes[key] = value.string_value();
  for (const auto& [key, value] : attributes) parts.push_back(absl::StrCat(key, "=", value));
  for (const std::string& text : {item.contact->language(), item.contact->time_zone()}) {
    if (!text.empty()) parts.push_back(text);
  }
  return absl::StrJoin(parts, "; ");
}

}  // namespace canvass::events::testing
