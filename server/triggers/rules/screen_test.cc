#include "server/triggers/rules/screen.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "server/base/proto_time.h"
#include "server/conditions/condition.h"
#include "server/triggers/rules/facts.h"
#include "server/triggers/rules/wording.h"

namespace canvass::triggers {
namespace {

using ::testing::HasSubstr;
using v1::Decision;

const absl::Time kTime = absl::FromCivil(absl::CivilSecond(2025, 6, 2, 12, 0, 0), absl::UTCTimeZone());
const AskedSurvey kOpen = {.status = {.state = v1::Survey::STATE_PUBLISHED, .published_version = 3}};

template <typename Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

ActiveTrigger Trigger(const std::string& more) {
  auto trigger = Parse<v1::Trigger>(
      "name: 'tenants/acme/triggers/after' event_type: 'x' survey: 'tenants/acme/surveys/nps' " + more);
  if (trigger.has_condition()) {
    EXPECT_TRUE(
        conditions::NormalizeCondition("c", {"event", "contact", "history"}, *trigger.mutable_condition()).ok());
  }
  return Unpack(std::move(trigger), 1);
}

// An event and all that a Subject points to.
struct Judged {
  explicit Judged(const std::string& data, const std::string& more = "")
      : event(Parse<v1::Event>("id: '1' type: 'x' data { " + data + " } " + more)) {
    if (event.source().empty()) event.set_source("/shop");
    *event.mutable_time() = ToProto(kTime);
    facts = FactsOf(event, CustomerFacts(nullptr, nullptr));
  }
  Subject subject() const { return {.tenant = &tenant, .contact = &contact, .event = &event, .facts = &facts}; }

  TenantId tenant{"acme"};
  ContactId contact{"ada"};
  v1::Event event;
  google::protobuf::Struct facts;
};

const char kRich[] = "fields { key: 'total' value { number_value: 11 } }";
const char kPoor[] = "fields { key: 'total' value { number_value: 9.5 } }";

TEST(ScreenTest, TheFirstRuleThatDoesNotHoldIsTheReason) {
  const std::string condition = "condition { text: 'event.total > 10' } ";
  const AskedSurvey draft = {.status = {.state = v1::Survey::STATE_DRAFT}};
  const AskedSurvey closed = {.status = {.state = v1::Survey::STATE_CLOSED, .published_version = 3}};
  const AskedSurvey archived = {.status = {.state = v1::Survey::STATE_ARCHIVED, .published_version = 3}};
  AskedSurvey full = kOpen;
  full.is_full = true;
  struct Row {
    std::string trigger;
    const AskedSurvey& survey;
    std::string data;
    std::string event;
    Decision::Reason reason;
  };
  const std::string tiny_sample = "sample_rate: 0.000001 ";
  const Row rows[] = {
      {condition, kOpen, kRich, "", Decision::REASON_QUALIFIED},
      {condition + "state: STATE_PAUSED", draft, kPoor, "cause: 'x'", Decision::REASON_TRIGGER_PAUSED},
      {condition, draft, kPoor, "cause: 'x'", Decision::REASON_LOOP_GUARD},
      {condition, kOpen, kRich, "source: 'canvass://tenants/acme'", Decision::REASON_LOOP_GUARD},
      {condition, draft, kPoor, "", Decision::REASON_SURVEY_NOT_PUBLISHED},
      {condition, AskedSurvey(), kPoor, "", Decision::REASON_SURVEY_NOT_PUBLISHED},
      {condition, closed, kPoor, "", Decision::REASON_SURVEY_CLOSED},
      {condition, archived, kPoor, "", Decision::REASON_SURVEY_CLOSED},
      {condition, full, kPoor, "", Decision::REASON_QUOTA_FULL},
      {condition + "segment: 'tenants/acme/segments/vip'", kOpen, kPoor, "", Decision::REASON_NOT_IN_SEGMENT},
      {condition + tiny_sample, kOpen, kPoor, "", Decision::REASON_CONDITION_FALSE},
      {condition + tiny_sample, kOpen, kRich, "", Decision::REASON_SAMPLED_OUT},
      {condition + "sample_rate: 1", kOpen, kRich, "", Decision::REASON_QUALIFIED},
  };
  for (const Row& row : rows) {
    const Judged judged(row.data, row.event);
    const ActiveTrigger trigger = Trigger(row.trigger);
    const Decision::Reason reason = Screen(trigger, row.survey, nullptr, judged.subject());
    EXPECT_EQ(Decision::Reason_Name(reason), Decision::Reason_Name(row.reason)) << row.trigger;
    if (reason != Decision::REASON_QUALIFIED) {
      EXPECT_THAT(SkipText(trigger, reason, judged.subject()), testing::Not(HasSubstr("Skipped:")));
    }
  }
}

TEST(ScreenTest, ASegmentIsAConditionOnTheContact) {
  v1::Segment segment;
  segment.mutable_condition()->set_text("contact.plan = premium");
  ASSERT_TRUE(conditions::NormalizeCondition("c", {"contact"}, *segment.mutable_condition()).ok());
  const ActiveTrigger trigger = Trigger("segment: 'tenants/acme/segments/vip'");
  Judged judged("");
  EXPECT_EQ(Screen(trigger, kOpen, &segment, judged.subject()), Decision::REASON_NOT_IN_SEGMENT);
  const auto contact = Parse<v1::Contact>("attributes { fields { key: 'plan' value { string_value: 'premium' } } }");
  judged.facts = FactsOf(judged.event, CustomerFacts(&contact, nullptr));
  EXPECT_EQ(Screen(trigger, kOpen, &segment, judged.subject()), Decision::REASON_QUALIFIED);
}

TEST(ScreenTest, NobodyIsAskedOnceTheSurveyWillHaveClosed) {
  AskedSurvey closing = kOpen;
  const Judged judged("");
  const ActiveTrigger trigger = Trigger("delay { seconds: 60 }");
  closing.status.close_time = kTime + absl::Minutes(1) + absl::Microseconds(1);
  EXPECT_EQ(Screen(trigger, closing, nullptr, judged.subject()), Decision::REASON_QUALIFIED);
  closing.status.close_time = kTime + absl::Minutes(1);
  EXPECT_EQ(Screen(trigger, closing, nullptr, judged.subject()), Decision::REASON_SURVEY_CLOSED);
}

TEST(SkipTextTest, AFalseConditionIsExplainedByItsValues) {
  const ActiveTrigger trigger = Trigger(
      "condition { text: 'event.total > 10 AND event.total < 90 AND event.city = Rome AND contact.vip = true' }");
  const Judged judged(std::string(kPoor) + " fields { key: 'city' value { string_value: 'Oslo' } }");
  const std::string text = SkipText(trigger, Decision::REASON_CONDITION_FALSE, judged.subject());
  EXPECT_THAT(text, HasSubstr("event.total > 10"));
  EXPECT_THAT(text, HasSubstr("event.total was 9.5; event.city was \"Oslo\"; contact.vip was not there."));
  const Judged long_one("fields { key: 'city' value { string_value: '" + std::string(50'000, 'x') + "' } }");
  EXPECT_LT(SkipText(trigger, Decision::REASON_CONDITION_FALSE, long_one.subject()).size(), 400U);
}

TEST(FactsTest, TheEventsOwnTypeAndIdWin) {
  const auto event = Parse<v1::Event>(
      "id: 'e-1' type: 'order.delivered' data { fields { key: 'id' value { number_value: 7 } } "
      "fields { key: 'total' value { number_value: 3 } } }");
  const auto contact = Parse<v1::Contact>(
      "language: 'fr' time_zone: 'Europe/Paris' attributes { fields { key: 'vip' value { bool_value: true } } }");
  const google::protobuf::Struct facts = FactsOf(event, CustomerFacts(&contact, nullptr));
  const auto& about_event = facts.fields().at("event").struct_value().fields();
  const auto& about_contact = facts.fields().at("contact").struct_value().fields();
  EXPECT_EQ(about_event.at("id").string_value(), "e-1");
  EXPECT_EQ(about_event.at("type").string_value(), "order.delivered");
  EXPECT_EQ(about_event.at("total").number_value(), 3);
  EXPECT_EQ(about_contact.at("language").string_value(), "fr");
  EXPECT_TRUE(about_contact.at("vip").bool_value());
  EXPECT_FALSE(facts.fields().contains("history"));
}

TEST(FactsTest, HistoryIsWhatWasBeforeTheEvent) {
  const std::vector<PastInvitation> past = {
      {.schedule_time = kTime - absl::Hours(24 * 10), .answer_time = kTime - absl::Hours(24 * 9 + 1)},
      {.schedule_time = kTime - absl::Hours(47), .answer_time = kTime + absl::Hours(1)},
      {.schedule_time = kTime, .answer_time = std::nullopt}};
  const google::protobuf::Struct facts = HistoryFacts(past, kTime);
  EXPECT_EQ(facts.fields().at("invitations").number_value(), 2);
  EXPECT_EQ(facts.fields().at("responses").number_value(), 1);
  EXPECT_EQ(facts.fields().at("days_since_invitation").number_value(), 1);
  EXPECT_EQ(facts.fields().at("days_since_response").number_value(), 9);
  const google::protobuf::Struct none = HistoryFacts({}, kTime);
  EXPECT_EQ(none.fields().at("invitations").number_value(), 0);
  EXPECT_FALSE(none.fields().contains("days_since_invitation"));
}

TEST(DurationTextTest, NamesTheTwoLargestUnits) {
  EXPECT_EQ(DurationText(absl::ZeroDuration()), "0 seconds");
  EXPECT_EQ(DurationText(absl::Hours(24 * 30)), "30 days");
  EXPECT_EQ(DurationText(absl::Hours(25) + absl::Minutes(1) + absl::Seconds(1)), "1 day 1 hour");
  EXPECT_EQ(DurationText(absl::Minutes(1) + absl::Seconds(2)), "1 minute 2 seconds");
  EXPECT_EQ(DurationText(absl::Microseconds(3)), "0 seconds");
}

}  // namespace
}  // namespace canvass::triggers
