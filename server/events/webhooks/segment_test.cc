#include "server/events/webhooks/segment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

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

constexpr char kTrack[] = R"json({
  "type": "track", "event": "Order Completed", "messageId": "ajs-next-1", "userId": "user-7", "anonymousId": "anon-7",
  "timestamp": "2026-05-04T12:00:00.123Z", "sentAt": "2026-05-04T12:00:05Z", "receivedAt": "2026-05-04T12:00:06Z",
  "properties": {"order_id": "50314b8e", "total": 27.5, "currency": "USD", "coupon": null,
                 "products": [{"sku": "45790-32", "price": 19, "quantity": 1}]},
  "context": {"ip": "192.0.2.7", "locale": "en-US", "timezone": "Europe/Amsterdam",
              "traits": {"email": "peter@example.com", "firstName": "Peter", "lastName": "Gibbons", "phone": "555-0100"}}
})json";

WebhookItem Read(absl::string_view body) { return testing::ReadOne(v1::EventSource::KIND_SEGMENT, body); }

TEST(ReadSegmentTest, ATrackCallIsAnEventOfItsUser) {
  const WebhookItem item = Read(kTrack);
  ASSERT_TRUE(item.event.has_value()) << item.ignored;
  EXPECT_EQ(item.event->id(), "ajs-next-1");
  EXPECT_EQ(item.event->type(), "segment.order_completed");
  EXPECT_EQ(item.event->subject(), "user-7");
  EXPECT_EQ(FromProto(item.event->time()),
            absl::FromCivil(absl::CivilSecond(2026, 5, 4, 12, 0, 0), absl::UTCTimeZone()) + absl::Milliseconds(123));
  EXPECT_EQ(DataOf(item), nlohmann::json::parse(kTrack)["properties"]);
  // The telephone number without its country is left out, and nothing else.
  EXPECT_EQ(ContactText(item),
            "CHANNEL_EMAIL peter@example.com; first_name=Peter; last_name=Gibbons; en-US; Europe/Amsterdam");
  EXPECT_TRUE(ValidateEvent(*item.event, FromProto(item.event->time())).ok());
}

TEST(ReadSegmentTest, AnAttemptMoreIsTheSameEvent) {
  const WebhookItem first = Read(kTrack);
  const WebhookItem second =
      Read(absl::StrReplaceAll(kTrack, {{"12:00:05Z", "12:07:00Z"}, {"12:00:06Z", "12:07:01Z"}}));
  EXPECT_EQ(PrepareEvent(*first.event).content_digest, PrepareEvent(*second.event).content_digest);
}

TEST(ReadSegmentTest, AVisitorWithoutAnAccountIsASubjectToo) {
  EXPECT_EQ(Read(absl::StrReplaceAll(kTrack, {{"\"user-7\"", "null"}})).event->subject(), "anon-7");
}

TEST(ReadSegmentTest, AnyNameIsAType) {
  const auto type_of = [](absl::string_view name) {
    return Read(absl::StrReplaceAll(kTrack, {{"Order Completed", name}})).event->type();
  };
  EXPECT_EQ(type_of("Objednávka: hotová!"), "segment.objedn_vka:_hotov__");
  EXPECT_EQ(type_of("checkout/Step-2_v1.0"), "segment.checkout/step-2_v1.0");
  EXPECT_EQ(type_of("\\u0000😀"), "segment.__");
}

TEST(ReadSegmentTest, ABatchIsReadCallByCall) {
  const std::vector<WebhookItem> items = testing::ReadAll(
      v1::EventSource::KIND_SEGMENT,
      absl::StrCat("[", kTrack, R"(, {"type": "identify", "userId": "u"}, 5, {"type": "track", "userId": "u"},
                   {"type": "track", "event": "Order Completed"}])"));
  ASSERT_EQ(items.size(), 5U);
  EXPECT_TRUE(items[0].event.has_value());
  EXPECT_THAT(items[1].ignored, HasSubstr("identify"));
  EXPECT_THAT(items[2].ignored, HasSubstr("no track call"));
  EXPECT_THAT(items[3].ignored, HasSubstr("names no event"));
  EXPECT_THAT(items[4].ignored, HasSubstr("userId"));
  EXPECT_TRUE(testing::ReadAll(v1::EventSource::KIND_SEGMENT, "[]").empty());
}

TEST(ReadSegmentTest, WithoutATimeNoneIsMadeUp) {
  const WebhookItem item = Read(R"({"type": "track", "event": "x", "userId": "u", "sentAt": "2026-05-04T12:00:05Z"})");
  ASSERT_TRUE(item.event.has_value());
  EXPECT_FALSE(item.event->has_time());
  EXPECT_EQ(item.event->id(), "");
}

}  // namespace
}  // namespace canvass::events
