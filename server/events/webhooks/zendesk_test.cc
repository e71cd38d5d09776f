#include "server/events/webhooks/zendesk.h"

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

// As an event subscription sends it.
constexpr char kStatusChanged[] = R"json({
  "account_id": 12514403, "id": "cbe4028c-7239-495d-b020-f22348516046", "subject": "zen:ticket:5158",
  "time": "2026-01-10T17:38:06.729Z", "type": "zen:event-type:ticket.status_changed",
  "zendesk_event_version": "2022-11-06", "event": {"current": "SOLVED", "previous": "OPEN"},
  "detail": {"actor_id": "8447388090494", "assignee_id": "8447388090495", "brand_id": "8447346621310",
             "description": "My order is late", "external_id": null, "group_id": "8447320466430", "id": "5158",
             "is_public": true, "organization_id": "8447346622462", "priority": "HIGH", "requester_id": "8447388090494",
             "status": "SOLVED", "subject": "Where is it?", "submitter_id": "8447388090494",
             "tags": ["vip", "late"], "type": "INCIDENT", "updated_at": "2026-01-10T17:38:06Z",
             "via": {"channel": "web_form"}}})json";

// As a trigger sends it, with the body of docs/howto/events.md: placeholders give texts.
constexpr char kTriggered[] = R"json({"ticket": {
  "id": "5158", "status": "Solved", "updated_at": "2026-01-10T17:38:06Z", "priority": "High", "tags": "vip late",
  "via": {"channel": "Mail"}, "requester_id": "8447388090494",
  "requester": {"email": "ada@example.com", "name": "Ada Lovelace", "phone": "+44 20 7946 0000", "locale": "en-GB"}}})json";

WebhookItem Read(absl::string_view body) { return testing::ReadOne(v1::EventSource::KIND_ZENDESK, body); }

TEST(ReadZendeskTest, AChangeOfStatusIsAnEventOfTheRequester) {
  const WebhookItem item = Read(kStatusChanged);
  ASSERT_TRUE(item.event.has_value()) << item.ignored;
  EXPECT_EQ(item.event->id(), "cbe4028c-7239-495d-b020-f22348516046");
  EXPECT_EQ(item.event->type(), "zendesk.ticket.solved");
  EXPECT_EQ(item.event->subject(), "8447388090494");
  EXPECT_EQ(FromProto(item.event->time()),
            absl::FromCivil(absl::CivilSecond(2026, 1, 10, 17, 38, 6), absl::UTCTimeZone()) + absl::Milliseconds(729));
  EXPECT_EQ(DataOf(item), nlohmann::json::parse(R"({
    "ticket_id": "5158", "status": "solved", "previous_status": "open", "priority": "HIGH", "ticket_type": "INCIDENT",
    "channel": "web_form", "assignee_id": "8447388090495", "group_id": "8447320466430", "brand_id": "8447346621310",
    "organization_id": "8447346622462", "tags": ["vip", "late"], "is_public": true})"));
  EXPECT_FALSE(item.contact.has_value());
  EXPECT_TRUE(ValidateEvent(*item.event, FromProto(item.event->time())).ok());
}

TEST(ReadZendeskTest, ATriggersTicketIsOne) {
  const WebhookItem item = Read(kTriggered);
  ASSERT_TRUE(item.event.has_value()) << item.ignored;
  EXPECT_EQ(item.event->id(), "ticket:5158:solved:2026-01-10T17:38:06Z");
  EXPECT_EQ(item.event->type(), "zendesk.ticket.solved");
  EXPECT_EQ(DataOf(item)["tags"], nlohmann::json({"vip", "late"}));
  EXPECT_EQ(ContactText(item), "CHANNEL_EMAIL ada@example.com; CHANNEL_SMS +442079460000; name=Ada Lovelace; en-GB");
}

TEST(ReadZendeskTest, StatusesOfAnyLanguageAreTypes) {
  const WebhookItem item = Read(absl::StrReplaceAll(kTriggered, {{"Solved", "In attesa — già"}}));
  ASSERT_TRUE(item.event.has_value());
  EXPECT_EQ(item.event->type(), "zendesk.ticket.in_attesa___gi_");
  EXPECT_TRUE(ValidateEvent(*item.event, FromProto(item.event->time())).ok());
}

TEST(ReadZendeskTest, AMailsSenderIsTheRequesterWhoSubmitted) {
  constexpr char kMail[] = R"({"ticket": {"id": 2, "status": "solved", "updated_at": "2026-01-10T17:38:06Z",
    "via": {"channel": "email", "source": {"from": {"address": "ada@example.com", "name": "Ada"}}},
    "requester_id": 37, "submitter_id": %s}})";
  const std::string mail(kMail);
  EXPECT_EQ(ContactText(Read(absl::StrReplaceAll(mail, {{"%s", "37"}}))), "CHANNEL_EMAIL ada@example.com; name=Ada");
  // An agent forwarded it.
  EXPECT_EQ(ContactText(Read(absl::StrReplaceAll(mail, {{"%s", "38"}}))), "");
}

TEST(ReadZendeskTest, IgnoresOtherEvents) {
  const std::string commented = absl::StrReplaceAll(kStatusChanged, {{"status_changed", "comment_added"}});
  EXPECT_THAT(Read(commented).ignored, HasSubstr("ticket.comment_added"));
  EXPECT_THAT(Read(R"({"type": "zen:event-type:user.created"})").ignored, HasSubstr("neither"));
  EXPECT_THAT(Read(R"({"type": "zen:event-type:ticket.status_changed"})").ignored, HasSubstr("no requester"));
  EXPECT_THAT(Read(R"({"type": "zen:event-type:ticket.created", "detail": {"requester_id": "1"}})").ignored,
              HasSubstr("no status"));
  EXPECT_THAT(Read(R"({"ticket": {"id": 1, "status": "solved"}})").ignored, HasSubstr("requester_id"));
  EXPECT_THAT(Read(R"({"ticket": {"requester_id": 1}})").ignored, HasSubstr("no status"));
  EXPECT_THAT(Read(R"({"ticket": []})").ignored, HasSubstr("neither"));
  EXPECT_THAT(Read("5").ignored, HasSubstr("neither"));
}

}  // namespace
}  // namespace canvass::events
