#include "server/triggers/verdict.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <string>

#include "server/conditions/condition.h"

namespace canvass::triggers {
namespace {

using ::testing::HasSubstr;
using v1::Decision;

const absl::Time kDue = absl::FromCivil(absl::CivilSecond(2025, 6, 2, 12, 0, 0), absl::UTCTimeZone());
const surveys::SurveyStatus kOpen = {.state = v1::Survey::STATE_PUBLISHED, .published_version = 3};

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
    EXPECT_TRUE(conditions::NormalizeCondition("c", {"event", "contact"}, *trigger.mutable_condition()).ok());
  }
  return Unpack(std::move(trigger));
}

google::protobuf::Struct Facts(const std::string& data) {
  const auto event = Parse<v1::Event>("id: '1' type: 'x' data { " + data + " }");
  return FactsOf(event, nullptr);
}

TEST(JudgeEventTest, AQualifiedOneSaysWhatIsAskedAndWhen) {
  const Verdict verdict = JudgeEvent(Trigger(""), kOpen, Facts(""), kDue);
  EXPECT_TRUE(verdict.Qualifies());
  EXPECT_EQ(verdict.outcome, Decision::OUTCOME_SCHEDULED);
  EXPECT_THAT(verdict.explanation, HasSubstr("survey 'nps', version 3, from 2025-06-02 12:00:00 UTC on"));
}

TEST(JudgeEventTest, TheFirstObstacleIsTheReason) {
  const std::string condition = "condition { text: 'event.total > 10' }";
  const auto rich = Facts("fields { key: 'total' value { number_value: 11 } }");
  const auto poor = Facts("fields { key: 'total' value { number_value: 9.5 } }");
  const surveys::SurveyStatus draft = {.state = v1::Survey::STATE_DRAFT};
  const surveys::SurveyStatus closed = {.state = v1::Survey::STATE_CLOSED, .published_version = 3};
  const surveys::SurveyStatus archived = {.state = v1::Survey::STATE_ARCHIVED, .published_version = 3};
  const auto reason = [&](const std::string& trigger, const surveys::SurveyStatus& survey,
                          const google::protobuf::Struct& facts) {
    const Verdict verdict = JudgeEvent(Trigger(trigger), survey, facts, kDue);
    EXPECT_EQ(verdict.outcome == Decision::OUTCOME_SKIPPED, !verdict.Qualifies());
    EXPECT_FALSE(verdict.explanation.empty());
    return verdict.reason;
  };
  EXPECT_EQ(reason(condition, kOpen, rich), Decision::REASON_QUALIFIED);
  EXPECT_EQ(reason(condition + " state: STATE_PAUSED", draft, poor), Decision::REASON_TRIGGER_PAUSED);
  EXPECT_EQ(reason(condition, draft, poor), Decision::REASON_CONDITION_FALSE);
  EXPECT_EQ(reason(condition, draft, rich), Decision::REASON_SURVEY_NOT_PUBLISHED);
  EXPECT_EQ(reason(condition, closed, rich), Decision::REASON_SURVEY_CLOSED);
  EXPECT_EQ(reason(condition, archived, rich), Decision::REASON_SURVEY_CLOSED);
  EXPECT_EQ(reason(condition, surveys::SurveyStatus(), rich), Decision::REASON_SURVEY_NOT_PUBLISHED);
}

TEST(JudgeEventTest, NobodyIsAskedOnceTheSurveyWillHaveClosed) {
  surveys::SurveyStatus closing = kOpen;
  closing.close_time = kDue + absl::Microseconds(1);
  EXPECT_TRUE(JudgeEvent(Trigger(""), closing, Facts(""), kDue).Qualifies());
  closing.close_time = kDue;
  const Verdict verdict = JudgeEvent(Trigger(""), closing, Facts(""), kDue);
  EXPECT_EQ(verdict.reason, Decision::REASON_SURVEY_CLOSED);
  EXPECT_THAT(verdict.explanation, HasSubstr("closes at 2025-06-02 12:00:00 UTC"));
}

TEST(JudgeEventTest, AFalseConditionIsExplainedByItsValues) {
  const ActiveTrigger trigger = Trigger(
      "condition { text: 'event.total > 10 AND event.total < 90 AND event.city = Rome AND contact.vip = true' }");
  const Verdict verdict = JudgeEvent(trigger, kOpen, Facts(R"pb(
                                       fields {
                                         key: "total"
                                         value { number_value: 9.5 }
                                       }
                                       fields {
                                         key: "city"
                                         value { string_value: "Oslo" }
                                       })pb"),
                                     kDue);
  EXPECT_THAT(verdict.explanation, HasSubstr("event.total > 10"));
  EXPECT_THAT(verdict.explanation,
              HasSubstr("event.total was 9.5; event.city was \"Oslo\"; contact.vip was not there."));
}

TEST(JudgeEventTest, LongValuesAreShortened) {
  const ActiveTrigger trigger = Trigger("condition { text: 'event.note = short' }");
  const std::string note(50'000, 'x');
  const Verdict verdict =
      JudgeEvent(trigger, kOpen, Facts("fields { key: 'note' value { string_value: '" + note + "' } }"), kDue);
  EXPECT_LT(verdict.explanation.size(), 300U);
}

TEST(CappedTest, SaysWhichCapAndWhatItSaw) {
  const ActiveTrigger trigger =
      Trigger("delay { seconds: 3600 } frequency_caps { interval { seconds: 2592000 } scope: SCOPE_SURVEY }");
  const absl::Time asked = kDue - absl::Hours(24 * 12 + 3);
  const Verdict verdict = Capped(trigger, trigger.trigger.frequency_caps(0), kDue, asked, asked);
  EXPECT_EQ(verdict.outcome, Decision::OUTCOME_SUPPRESSED);
  EXPECT_EQ(verdict.reason, Decision::REASON_FREQUENCY_CAP);
  EXPECT_EQ(verdict.next_eligible_time, asked + absl::Hours(24 * 30) - absl::Hours(1));
  EXPECT_EQ(
      verdict.explanation,
      "The frequency cap allows a customer one invitation to survey 'nps' within 30 days. This one would have been "
      "due 2025-06-02 12:00:00 UTC, 12 days 3 hours after one due 2025-05-21 09:00:00 UTC. An event from "
      "2025-06-20 08:00:00 UTC on passes again.");
}

TEST(FactsOfTest, TheEventsOwnTypeAndIdWin) {
  const auto event = Parse<v1::Event>(R"pb(
    id: "e-1"
    type: "order.delivered"
    data {
      fields {
        key: "id"
        value { number_value: 7 }
      }
      fields {
        key: "total"
        value { number_value: 3 }
      }
    })pb");
  const auto contact = Parse<v1::Contact>(R"pb(
    language: "fr"
    attributes {
      fields {
        key: "vip"
        value { bool_value: true }
      }
    })pb");
  const google::protobuf::Struct facts = FactsOf(event, &contact);
  const auto& about_event = facts.fields().at("event").struct_value().fields();
  const auto& about_contact = facts.fields().at("contact").struct_value().fields();
  EXPECT_EQ(about_event.at("id").string_value(), "e-1");
  EXPECT_EQ(about_event.at("type").string_value(), "order.delivered");
  EXPECT_EQ(about_event.at("total").number_value(), 3);
  EXPECT_EQ(about_contact.at("language").string_value(), "fr");
  EXPECT_TRUE(about_contact.at("vip").bool_value());
  EXPECT_TRUE(FactsOf(event, nullptr).fields().at("contact").struct_value().fields().empty());
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
