#include "server/events/webhooks/shopify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/str_cat.h"
#include "server/base/proto_time.h"
#include "server/events/event.h"
#include "server/events/testing/webhook_reading.h"

namespace canvass::events {
namespace {

using testing::ContactText;
using testing::DataOf;
using ::testing::HasSubstr;
using testing::Headers;

constexpr char kOrder[] = R"json({
  "id": 820982911946154508, "name": "#1001", "email": "jon@example.com", "customer_locale": "fr-CA",
  "created_at": "2026-05-04T09:00:00-04:00", "updated_at": "2026-05-04T09:30:00-04:00", "cancelled_at": null,
  "total_price": "403.00", "current_total_price": "398.00", "subtotal_price": "393.00", "total_tax": "0.00",
  "total_discounts": "5.00", "currency": "CAD", "financial_status": "paid", "fulfillment_status": "fulfilled",
  "test": false, "source_name": "web", "tags": "vip, first order", "payment_gateway_names": ["visa", "bogus"],
  "location_id": null, "note": "please leave it with the neighbour", "browser_ip": "192.0.2.7",
  "customer": {"id": 115310627314723954, "email": "john@example.com", "phone": "+1 613-555-0100",
               "first_name": "John", "last_name": "Smith", "orders_count": 3},
  "shipping_address": {"first_name": "Steve", "address1": "123 Shipping Street", "country_code": "CA",
                       "province_code": "ON", "zip": "K2P0S0"},
  "billing_address": {"country_code": "US", "province_code": "KY"},
  "discount_codes": [{"code": "SPRING", "amount": "5.00", "type": "fixed_amount"}],
  "line_items": [
    {"id": 1, "sku": "IPOD-GREEN", "product_id": 632910392, "title": "IPod", "vendor": null, "quantity": 2,
     "price": "199.00", "properties": [{"name": "engraving", "value": "Happy birthday, Ann"}]},
    {"id": 2, "sku": "", "product_id": null, "title": "Gift", "quantity": 1, "price": "5.00"}],
  "fulfillments": [{"id": 10, "shipment_status": "in_transit"},
                   {"id": 11, "shipment_status": "delivered", "tracking_company": "Canada Post"}]
})json";

WebhookItem Read(absl::string_view body, absl::string_view topic = "orders/fulfilled") {
  return testing::ReadOne(v1::EventSource::KIND_SHOPIFY, body,
                          {{"x-shopify-topic", std::string(topic)}, {"x-shopify-event-id", "98880550-7158"}});
}

TEST(ReadShopifyTest, AnOrderIsAnEventOfItsCustomer) {
  const WebhookItem item = Read(kOrder);
  ASSERT_TRUE(item.event.has_value()) << item.ignored;
  EXPECT_EQ(item.event->source(), "/eventSources/src");
  EXPECT_EQ(item.event->id(), "98880550-7158:orders/fulfilled");
  EXPECT_EQ(item.event->type(), "shopify.orders.fulfilled");
  // More than a double could hold.
  EXPECT_EQ(item.event->subject(), "115310627314723954");
  EXPECT_EQ(FromProto(item.event->time()), absl::FromCivil(absl::CivilSecond(2026, 5, 4, 13, 30), absl::UTCTimeZone()));
  EXPECT_TRUE(ValidateEvent(*item.event, FromProto(item.event->time())).ok());
}

TEST(ReadShopifyTest, PricesAreNumbersAndNobodysAddressIsAFact) {
  EXPECT_EQ(DataOf(Read(kOrder)), nlohmann::json::parse(R"json({
    "order_id": "820982911946154508", "order_name": "#1001",
    "total_price": 403, "current_total_price": 398, "subtotal_price": 393, "total_tax": 0, "total_discounts": 5,
    "currency": "CAD", "financial_status": "paid", "fulfillment_status": "fulfilled", "cancelled": false,
    "test": false, "source_name": "web", "tags": ["vip", "first order"], "payment_gateways": ["visa", "bogus"],
    "shipping_country": "CA", "shipping_province": "ON", "billing_country": "US", "customer_orders_count": 3,
    "discount_codes": ["SPRING"], "item_count": 3, "shipment_status": "delivered", "carrier": "Canada Post",
    "line_items": [
      {"sku": "IPOD-GREEN", "product_id": "632910392", "title": "IPod", "quantity": 2, "price": 199},
      {"title": "Gift", "quantity": 1, "price": 5}]})json"));
}

TEST(ReadShopifyTest, TheCustomerBringsAddressesWithoutConsent) {
  const WebhookItem item = Read(kOrder);
  EXPECT_EQ(ContactText(item),
            "CHANNEL_EMAIL john@example.com; CHANNEL_SMS +16135550100; first_name=John; last_name=Smith; fr-CA");
  EXPECT_EQ(item.contact->name(), "tenants/-/contacts/115310627314723954");
}

TEST(ReadShopifyTest, ARepeatedDeliveryIsTheSameEvent) {
  const Headers first = {
      {"x-shopify-topic", "orders/paid"}, {"x-shopify-event-id", "e1"}, {"x-shopify-webhook-id", "w1"}};
  const Headers second = {
      {"x-shopify-topic", "orders/paid"}, {"x-shopify-event-id", "e1"}, {"x-shopify-webhook-id", "w2"}};
  const WebhookItem a = testing::ReadOne(v1::EventSource::KIND_SHOPIFY, kOrder, first);
  const WebhookItem b = testing::ReadOne(v1::EventSource::KIND_SHOPIFY, kOrder, second);
  EXPECT_EQ(PrepareEvent(*a.event).content_digest, PrepareEvent(*b.event).content_digest);
  EXPECT_EQ(PrepareEvent(*a.event).key, PrepareEvent(*b.event).key);
  // Other topics about the same change are other events.
  EXPECT_NE(a.event->id(), Read(kOrder, "orders/updated").event->id());
}

TEST(ReadShopifyTest, TheWebhooksIdStandsInForTheEvents) {
  const WebhookItem item = testing::ReadOne(v1::EventSource::KIND_SHOPIFY, kOrder,
                                            {{"x-shopify-topic", "orders/paid"}, {"x-shopify-webhook-id", "w1"}});
  EXPECT_EQ(item.event->id(), "w1:orders/paid");
}

TEST(ReadShopifyTest, AFulfilmentNeedsACustomer) {
  constexpr char kBody[] = R"({"id": 1022782888, "order_id": 450789469, "status": "success", "name": "#1001.1",
    "created_at": "2026-05-04T09:00:00Z", "updated_at": "2026-05-04T09:30:00Z", "email": "jon@example.com",
    "shipment_status": "delivered", "tracking_company": "UPS", "destination": {"country_code": "FR"},
    "line_items": [{"sku": "A1", "quantity": 4, "price": "1.50"}]%s})";
  const std::string body(kBody);
  const std::string without = absl::StrCat(body.substr(0, body.find("%s")), "}");
  EXPECT_THAT(Read(without, "fulfillments/update").ignored, HasSubstr("orders/updated"));
  const std::string with = absl::StrCat(body.substr(0, body.find("%s")), R"(, "customer": {"id": 7}})");
  const WebhookItem item = Read(with, "fulfillments/update");
  ASSERT_TRUE(item.event.has_value()) << item.ignored;
  EXPECT_EQ(item.event->type(), "shopify.fulfillments.update");
  EXPECT_EQ(DataOf(item), nlohmann::json::parse(R"({
    "fulfillment_id": "1022782888", "order_id": "450789469", "fulfillment_name": "#1001.1",
    "fulfillment_status": "success", "shipment_status": "delivered", "carrier": "UPS", "shipping_country": "FR",
    "item_count": 4, "line_items": [{"sku": "A1", "quantity": 4, "price": 1.5}]})"));
}

TEST(ReadShopifyTest, IgnoresWhatIsNoOrderOfACustomer) {
  EXPECT_THAT(Read(R"({"id": 1, "customer": null})").ignored, HasSubstr("no customer"));
  EXPECT_THAT(Read(R"({"id": 1, "customer": {"id": null}})").ignored, HasSubstr("no customer"));
  EXPECT_THAT(Read(R"({"id": 1, "customer": 5})").ignored, HasSubstr("no customer"));
  EXPECT_THAT(Read("[]").ignored, HasSubstr("no customer"));
  EXPECT_THAT(Read("null").ignored, HasSubstr("no customer"));
  EXPECT_THAT(Read(kOrder, "customers/update").ignored, HasSubstr("customers/update"));
  EXPECT_THAT(Read(kOrder, "").ignored, HasSubstr("neither"));
}

TEST(ReadShopifyTest, AnOrderOfAThousandItemsFitsIntoAnEvent) {
  nlohmann::json order = nlohmann::json::parse(kOrder);
  const nlohmann::json item = {{"sku", std::string(100, 's')}, {"title", std::string(255, 't')}, {"quantity", 2}};
  order["line_items"] = nlohmann::json(1000, item);
  const WebhookItem read = Read(order.dump());
  EXPECT_EQ(DataOf(read)["line_items"].size(), 50U);
  EXPECT_EQ(DataOf(read)["item_count"], 2000);
  EXPECT_TRUE(ValidateEvent(*read.event, FromProto(read.event->time())).ok());
}

TEST(ReadShopifyTest, WhatIsOfAnotherTypeIsLeftOut) {
  const WebhookItem item = Read(R"({"id": {"a": 1}, "total_price": "free", "subtotal_price": "nan", "total_tax": true,
    "tags": 5, "line_items": [1, null, "x", {"price": "1e400"}], "discount_codes": {"code": "x"}, "fulfillments": "x",
    "test": "yes", "currency": ["EUR"], "updated_at": "yesterday", "customer": {"id": "c-1", "email": 5, "phone": "123"}})");
  ASSERT_TRUE(item.event.has_value());
  EXPECT_EQ(DataOf(item), nlohmann::json::parse(R"({"cancelled": false, "tags": ["5"], "item_count": 0,
                                                     "line_items": [{}, {}, {}, {}]})"));
  EXPECT_FALSE(item.event->has_time());
  EXPECT_EQ(ContactText(item), "");
}

}  // namespace
}  // namespace canvass::events
