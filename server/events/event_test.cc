#include "server/events/event.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/events/testing/orchestration_house.h"
#include "server/mysql/testing/test_database.h"

namespace canvass::events {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const absl::Time kNow = absl::FromUnixSeconds(1'750'000'000);

v1::Event Good() { return testing::Order("o-1", "ada", kNow, 12.5); }

std::vector<std::string> FieldsOf(const absl::Status& status) {
  std::vector<std::string> fields;
  for (const FieldViolation& violation : ViolationsOf(status)) fields.push_back(violation.field);
  return fields;
}

TEST(ValidateEventTest, TakesAGoodOne) { EXPECT_TRUE(ValidateEvent(Good(), kNow).ok()); }

TEST(ValidateEventTest, ReportsEveryViolationAtOnce) {
  const absl::Status status = ValidateEvent(v1::Event(), kNow);
  EXPECT_EQ(ReasonOf(status), v1::ERROR_REASON_INVALID_EVENT);
  EXPECT_THAT(FieldsOf(status), ElementsAre("source", "id", "type", "subject", "time"));
}

TEST(ValidateEventTest, HoldsTheLimitsOfTexts) {
  v1::Event event = Good();
  event.set_source(std::string(256, 's'));
  event.set_id(std::string(256, 'i'));
  event.set_type(std::string(128, 't'));
  event.set_subject(std::string(128, 'c'));
  EXPECT_TRUE(ValidateEvent(event, kNow).ok());
  event.set_source(std::string(257, 's'));
  event.set_id(std::string(257, 'i'));
  event.set_type(std::string(129, 't'));
  event.set_subject(std::string(129, 'c'));
  EXPECT_THAT(FieldsOf(ValidateEvent(event, kNow)), ElementsAre("source", "id", "type", "subject"));
}

TEST(ValidateEventTest, RefusesCharactersThatHaveNoPlace) {
  v1::Event event = Good();
  event.set_source(std::string("a\0b", 3));
  event.set_id("line\nfeed");
  event.set_type("order delivered");
  event.set_subject("tab\there");
  EXPECT_THAT(FieldsOf(ValidateEvent(event, kNow)), ElementsAre("source", "id", "type", "subject"));
  event = Good();
  event.set_type("com.example:order/delivered_v2-x");
  event.set_subject("Zoë +1 (555)");
  EXPECT_TRUE(ValidateEvent(event, kNow).ok());
}

TEST(ValidateEventTest, AllowsTenMinutesOfClockSkew) {
  v1::Event event = Good();
  *event.mutable_time() = ToProto(kNow + absl::Minutes(10));
  EXPECT_TRUE(ValidateEvent(event, kNow).ok());
  *event.mutable_time() = ToProto(kNow + absl::Minutes(10) + absl::Microseconds(1));
  EXPECT_THAT(FieldsOf(ValidateEvent(event, kNow)), ElementsAre("time"));
  event.mutable_time()->set_seconds(-99'999'999'999'999);
  EXPECT_THAT(FieldsOf(ValidateEvent(event, kNow)), ElementsAre("time"));
}

TEST(ValidateEventTest, NamesWhereDataIsBad) {
  v1::Event event = Good();
  google::protobuf::Struct* inner = event.mutable_data();
  for (int depth = 1; depth < 8; ++depth) inner = (*inner->mutable_fields())["in"].mutable_struct_value();
  EXPECT_TRUE(ValidateEvent(event, kNow).ok());
  (*inner->mutable_fields())["in"].mutable_struct_value();
  const absl::Status status = ValidateEvent(event, kNow);
  EXPECT_THAT(FieldsOf(status), ElementsAre("data.in.in.in.in.in.in.in.in"));
  EXPECT_THAT(std::string(status.message()), HasSubstr("nested"));
  event = Good();
  (*event.mutable_data()->mutable_fields())["text"].set_string_value(std::string(65 << 10, 'x'));
  EXPECT_THAT(FieldsOf(ValidateEvent(event, kNow)), ElementsAre("data"));
}

TEST(EventKeyTest, DependsOnWhereSourceEnds) {
  EXPECT_EQ(EventKey("/shop", "1"), EventKey("/shop", "1"));
  EXPECT_NE(EventKey("/shop", "1"), EventKey("/shop1", ""));
  EXPECT_NE(EventKey("/shop", "1"), EventKey("/sho", "p1"));
}

TEST(PrepareEventTest, OutputFieldsAndTheOrderOfKeysAreNoContent) {
  v1::Event event = Good();
  for (const char* key : {"a", "b", "c", "d", "e", "f"}) {
    (*event.mutable_data()->mutable_fields())[key].set_string_value(key);
  }
  v1::Event same = Good();
  for (const char* key : {"f", "e", "d", "c", "b", "a"}) {
    (*same.mutable_data()->mutable_fields())[key].set_string_value(key);
  }
  same.set_name("tenants/x/events/y");
  *same.mutable_receive_time() = ToProto(kNow);
  EXPECT_EQ(PrepareEvent(event).content_digest, PrepareEvent(same).content_digest);
  EXPECT_EQ(PrepareEvent(event).payload, PrepareEvent(same).payload);
}

TEST(PrepareEventTest, EverythingElseIs) {
  const std::string digest = PrepareEvent(Good()).content_digest;
  v1::Event event = Good();
  event.set_type("order.returned");
  EXPECT_NE(PrepareEvent(event).content_digest, digest);
  event = Good();
  event.set_subject("bob");
  EXPECT_NE(PrepareEvent(event).content_digest, digest);
  event = Good();
  *event.mutable_time() = ToProto(kNow + absl::Microseconds(1));
  EXPECT_NE(PrepareEvent(event).content_digest, digest);
  event = Good();
  (*event.mutable_data()->mutable_fields())["total"].set_number_value(12.6);
  EXPECT_NE(PrepareEvent(event).content_digest, digest);
}

TEST(PrepareEventTest, CutsTheTimeToWhatIsKept) {
  v1::Event event = Good();
  event.mutable_time()->set_nanos(123'456'789);
  EXPECT_EQ(PrepareEvent(event).event.time().nanos(), 123'456'000);
}

TEST(EventNameTest, ComesBack) {
  const TenantScope scope = mysql::testing::MakeScope("acme");
  const Uuid key = EventKey("/shop", "1");
  EXPECT_EQ(*ParseEventName(scope, "name", EventName(scope, key)), key);
  EXPECT_EQ(ReasonOf(ParseEventName(scope, "name", "tenants/acme/events/none").status()),
            v1::ERROR_REASON_EVENT_NOT_FOUND);
  EXPECT_EQ(ReasonOf(ParseEventName(scope, "name", "tenants/other/events/none").status()),
            v1::ERROR_REASON_RESOURCE_NOT_FOUND);
  EXPECT_EQ(ReasonOf(ParseEventName(scope, "name", "events/none").status()), v1::ERROR_REASON_INVALID_RESOURCE_NAME);
}

}  // namespace
}  // namespace canvass::events
