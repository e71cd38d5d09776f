// Payloads of the real systems, or of their own documentation: each has a result that is known.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/base/proto_time.h"
#include "server/events/event.h"
#include "server/events/testing/webhook_reading.h"
#include "server/metrics/testing/data_file.h"

namespace canvass::events {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

struct Sample {
  v1::EventSource::Kind kind;
  const char* topic;    // Shopify's
  const char* unwrap;   // the member that is the webhook's body, where the file is an answer of the API
  const char* type;     // of the event; empty if it is ignored
  const char* subject;  // of the event, or a part of the reason
};

constexpr auto kShopify = v1::EventSource::KIND_SHOPIFY;
constexpr auto kZendesk = v1::EventSource::KIND_ZENDESK;
constexpr auto kStripe = v1::EventSource::KIND_STRIPE;

const std::map<std::string, Sample>& Samples() {
  static const auto& samples = *new std::map<std::string, Sample>{
      {"shopify/order.json", {kShopify, "orders/create", "order", "", "no customer"}},
      {"shopify/orders.json", {kShopify, "orders/create", "", "", "no customer"}},
      {"shopify/fulfillment.json", {kShopify, "fulfillments/create", "fulfillment", "", "orders/fulfilled"}},
      {"shopify/fulfillment_order.json", {kShopify, "fulfillment_orders/split", "fulfillment_order", "", "neither"}},
      {"shopify/fulfillment_event.json", {kShopify, "fulfillment_events/create", "fulfillment_event", "", "neither"}},
      {"shopify/customer.json", {kShopify, "customers/update", "customer", "", "neither"}},
      {"shopify/draft_order.json", {kShopify, "draft_orders/create", "draft_order", "", "neither"}},
      {"shopify/transaction.json", {kShopify, "order_transactions/create", "transaction", "", "neither"}},
      {"shopify/webhook.json", {kShopify, "app/uninstalled", "webhook", "", "neither"}},
      {"zendesk/GET-ticket.json", {kZendesk, "", "", "zendesk.ticket.solved", "377922500012"}},
      {"zendesk/PUT-ticket.json", {kZendesk, "", "", "zendesk.ticket.solved", "377922500012"}},
      {"zendesk/GET-tickets.json", {kZendesk, "", "", "", "neither"}},
      {"zendesk/GET-ticket_audit.json", {kZendesk, "", "", "", "neither"}},
      {"zendesk/GET-ticket_audits.json", {kZendesk, "", "", "", "neither"}},
      {"zendesk/GET-ticket_comments.json", {kZendesk, "", "", "", "neither"}},
      {"stripe/charge.succeeded.json", {kStripe, "", "", "", "charge has no customer"}},
      {"stripe/charge.refunded.json", {kStripe, "", "", "", "charge has no customer"}},
      {"stripe/charge.dispute.created.json", {kStripe, "", "", "", "dispute has no customer"}},
      {"stripe/checkout.session.completed.json",
       {kStripe, "", "", "stripe.checkout.session.completed", "cus_00000000000000"}},
      {"stripe/customer.created.json", {kStripe, "", "", "stripe.customer.created", "cus_00000000000000"}},
      {"stripe/customer.subscription.created.json",
       {kStripe, "", "", "stripe.customer.subscription.created", "cus_00000000000000"}},
      {"stripe/customer.subscription.deleted.json",
       {kStripe, "", "", "stripe.customer.subscription.deleted", "cus_00000000000000"}},
      {"stripe/invoice.paid.json", {kStripe, "", "", "stripe.invoice.paid", "cus_00000000000000"}},
      {"stripe/invoice.payment_failed.json", {kStripe, "", "", "stripe.invoice.payment_failed", "cus_00000000000000"}},
      {"stripe/payment_intent.succeeded.json", {kStripe, "", "", "", "payment_intent has no customer"}},
  };
  return samples;
}

class WebhookSamplesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (metrics::testing::DataDirectory().empty()) GTEST_SKIP() << "the payloads are not beside this checkout";
    directory_ = absl::StrCat(metrics::testing::DataDirectory(), "/events");
    ASSERT_TRUE(std::filesystem::exists(directory_)) << directory_;
  }

  std::string ReadFile(const std::string& name) const {
    std::ifstream file(absl::StrCat(directory_, "/", name));
    EXPECT_TRUE(file.good()) << name;
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }

  std::string directory_;
};

TEST_F(WebhookSamplesTest, EveryFileHasAResult) {
  std::set<std::string> files;
  for (const char* system : {"shopify", "zendesk", "stripe"}) {
    for (const auto& entry : std::filesystem::directory_iterator(absl::StrCat(directory_, "/", system))) {
      files.insert(absl::StrCat(system, "/", entry.path().filename().string()));
    }
  }
  for (const std::string& name : files) EXPECT_TRUE(Samples().contains(name)) << name;
  for (const auto& [name, sample] : Samples()) {
    SCOPED_TRACE(name);
    ASSERT_TRUE(files.contains(name));
    json body = json::parse(ReadFile(name));
    if (sample.unwrap[0] != '\0') body = body.at(sample.unwrap);
    const WebhookItem item =
        testing::ReadOne(sample.kind, body.dump(), {{"x-shopify-topic", sample.topic}, {"x-shopify-event-id", "e-1"}});
    if (sample.type[0] == '\0') {
      EXPECT_FALSE(item.event.has_value());
      EXPECT_THAT(item.ignored, HasSubstr(sample.subject));
      continue;
    }
    ASSERT_TRUE(item.event.has_value()) << item.ignored;
    EXPECT_EQ(item.event->type(), sample.type);
    EXPECT_EQ(item.event->subject(), sample.subject);
    const absl::Status valid = ValidateEvent(*item.event, FromProto(item.event->time()));
    EXPECT_TRUE(valid.ok()) << valid;
  }
}

// The order as it is, but for the customer's id, which the file leaves open.
TEST_F(WebhookSamplesTest, ShopifysOrderIsAnEventOnceItHasACustomer) {
  json order = json::parse(ReadFile("shopify/order.json")).at("order");
  order["customer"]["id"] = 207119551;
  const WebhookItem item = testing::ReadOne(kShopify, order.dump(), {{"x-shopify-topic", "orders/cancelled"}});
  ASSERT_TRUE(item.event.has_value()) << item.ignored;
  const json data = testing::DataOf(item);
  EXPECT_EQ(data["total_price"], 10);
  EXPECT_EQ(data["current_total_price"], 9.5);
  EXPECT_EQ(data["cancelled"], true);
  EXPECT_EQ(data["cancel_reason"], "customer");
  EXPECT_EQ(data["shipping_country"], "US");
  EXPECT_EQ(data["item_count"], 2);
  EXPECT_FALSE(data.contains("total_tax"));
  EXPECT_EQ(testing::ContactText(item), "CHANNEL_EMAIL john@test.com; first_name=John; last_name=Smith");
}

TEST_F(WebhookSamplesTest, StripesAmountsAndZendesksSender) {
  const WebhookItem invoice = testing::ReadOne(kStripe, ReadFile("stripe/invoice.paid.json"));
  EXPECT_EQ(testing::DataOf(invoice)["amount_paid"], 2000);
  EXPECT_EQ(testing::DataOf(invoice)["currency"], "usd");
  const WebhookItem session = testing::ReadOne(kStripe, ReadFile("stripe/checkout.session.completed.json"));
  EXPECT_EQ(testing::DataOf(session)["amount_total"], 3000);
  EXPECT_EQ(testing::ContactText(session), "CHANNEL_EMAIL stripe@example.com");
  const WebhookItem ticket = testing::ReadOne(kZendesk, ReadFile("zendesk/GET-ticket.json"));
  EXPECT_EQ(testing::ContactText(ticket), "CHANNEL_EMAIL user@example.com; name=Yosuke Tamura");
}

// The specification's examples leave out who and when. Each is an event with them and ignored without.
TEST_F(WebhookSamplesTest, SegmentsTrackCalls) {
  json calls = json::parse(ReadFile("segment/ecommerce-v2-shared.json"));
  for (const WebhookItem& item : testing::ReadAll(v1::EventSource::KIND_SEGMENT, calls.dump())) {
    EXPECT_THAT(item.ignored, HasSubstr("userId"));
  }
  for (json& call : calls) {
    call["userId"] = "user-1";
    call["messageId"] = call["event"];
    call["timestamp"] = "2026-05-04T12:00:00Z";
  }
  const std::vector<WebhookItem> items = testing::ReadAll(v1::EventSource::KIND_SEGMENT, calls.dump());
  ASSERT_EQ(items.size(), calls.size());
  std::set<std::string> types;
  for (std::size_t i = 0; i < items.size(); ++i) {
    ASSERT_TRUE(items[i].event.has_value()) << items[i].ignored;
    EXPECT_TRUE(ValidateEvent(*items[i].event, FromProto(items[i].event->time())).ok());
    EXPECT_EQ(testing::DataOf(items[i]), calls[i]["properties"]);
    types.insert(items[i].event->type());
  }
  EXPECT_TRUE(types.contains("segment.order_completed"));
  EXPECT_TRUE(types.contains("segment.products_searched"));
}

}  // namespace
}  // namespace canvass::events
