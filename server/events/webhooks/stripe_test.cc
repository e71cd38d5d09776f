#include "server/events/webhooks/stripe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "server/base/proto_time.h"
#include "server/events/event.h"
#include "server/events/testing/webhook_reading.h"

namespace canvass::events {
namespace {

using testing::ContactText;
using testing::DataOf;
using ::testing::HasSubstr;

constexpr char kInvoice[] = R"json({
  "id": "evt_1", "object": "event", "type": "invoice.paid", "created": 1777889400, "livemode": true,
  "pending_webhooks": 3,
  "data": {"object": {
    "id": "in_1", "object": "invoice", "amount_due": 2000, "amount_paid": 2000, "amount_remaining": 0, "total": 2000,
    "currency": "usd", "status": "paid", "paid": true, "attempt_count": 1, "billing_reason": "subscription_cycle",
    "customer": "cus_1", "customer_email": "jenny@example.com", "customer_name": "Jenny Rosen",
    "customer_phone": "+14155550100", "hosted_invoice_url": "https://invoice.stripe.com/i/x",
    "metadata": {"plan_tier": "gold"}, "subscription": "sub_1", "tax": null}}})json";

WebhookItem Read(absl::string_view body) { return testing::ReadOne(v1::EventSource::KIND_STRIPE, body); }

// An event about `object`, a JSON text.
WebhookItem ReadObject(absl::string_view object) {
  return Read(absl::StrCat(R"({"id": "evt_2", "type": "x.y", "created": 1, "data": {"object": )", object, "}}"));
}

TEST(ReadStripeTest, AnInvoiceIsAnEventOfItsCustomer) {
  const WebhookItem item = Read(kInvoice);
  ASSERT_TRUE(item.event.has_value()) << item.ignored;
  EXPECT_EQ(item.event->id(), "evt_1");
  EXPECT_EQ(item.event->type(), "stripe.invoice.paid");
  EXPECT_EQ(item.event->subject(), "cus_1");
  EXPECT_EQ(FromProto(item.event->time()), absl::FromUnixSeconds(1777889400));
  // Amounts stay in cents, and nobody's address or secret link is a fact.
  EXPECT_EQ(DataOf(item), nlohmann::json::parse(R"({
    "object": "invoice", "object_id": "in_1", "amount_due": 2000, "amount_paid": 2000, "amount_remaining": 0,
    "total": 2000, "currency": "usd", "status": "paid", "paid": true, "attempt_count": 1,
    "billing_reason": "subscription_cycle", "subscription": "sub_1", "metadata": {"plan_tier": "gold"},
    "livemode": true})"));
  EXPECT_EQ(ContactText(item), "CHANNEL_EMAIL jenny@example.com; CHANNEL_SMS +14155550100; name=Jenny Rosen");
  EXPECT_TRUE(ValidateEvent(*item.event, FromProto(item.event->time())).ok());
}

TEST(ReadStripeTest, AnAttemptMoreIsTheSameEvent) {
  const WebhookItem again =
      Read(absl::StrReplaceAll(kInvoice, {{"\"pending_webhooks\": 3", "\"pending_webhooks\": 1"}}));
  EXPECT_EQ(PrepareEvent(*Read(kInvoice).event).content_digest, PrepareEvent(*again.event).content_digest);
}

TEST(ReadStripeTest, FindsTheCustomerInEveryShape) {
  EXPECT_EQ(ReadObject(R"({"object": "charge", "customer": "cus_1"})").event->subject(), "cus_1");
  EXPECT_EQ(
      ReadObject(R"({"object": "charge", "customer": {"id": "cus_2", "email": "a@example.com"}})").event->subject(),
      "cus_2");
  const WebhookItem customer = ReadObject(
      R"({"object": "customer", "id": "cus_3", "email": "a@example.com", "name": "A", "preferred_locales": ["fr"]})");
  EXPECT_EQ(customer.event->subject(), "cus_3");
  EXPECT_EQ(ContactText(customer), "CHANNEL_EMAIL a@example.com; name=A; fr");
  EXPECT_EQ(ContactText(ReadObject(R"({"customer": "c", "billing_details": {"email": "b@example.com"}})")),
            "CHANNEL_EMAIL b@example.com");
}

TEST(ReadStripeTest, IgnoresWhatHasNoCustomer) {
  EXPECT_THAT(ReadObject(R"({"object": "charge", "customer": null})").ignored, HasSubstr("charge has no customer"));
  EXPECT_THAT(ReadObject(R"({"object": "balance"})").ignored, HasSubstr("no customer"));
  EXPECT_THAT(ReadObject("5").ignored, HasSubstr("no event of Stripe"));
  EXPECT_THAT(Read("{}").ignored, HasSubstr("no event of Stripe"));
  EXPECT_THAT(Read("[]").ignored, HasSubstr("no event of Stripe"));
}

TEST(ReadStripeTest, NonsenseIsRefusedLater) {
  const WebhookItem item =
      Read(R"({"type": "x.y", "created": "soon", "data": {"object": {"customer": "c", "preferred_locales": [5]}}})");
  ASSERT_TRUE(item.event.has_value());
  EXPECT_FALSE(item.event->has_time());
  const WebhookItem late =
      Read(R"({"id": "e", "type": "x.y", "created": 9223372036854775807, "data": {"object": {"customer": "c"}}})");
  EXPECT_FALSE(ValidateEvent(*late.event, absl::FromUnixSeconds(0)).ok());
}

}  // namespace
}  // namespace canvass::events
