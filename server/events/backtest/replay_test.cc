// The replay of one trigger against cases worked out by hand.

#include "server/events/backtest/replay.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "canvass/v1/backtest.pb.h"
#include "server/base/proto_time.h"
#include "server/base/testing/parse.h"
#include "server/conditions/condition.h"
#include "server/events/event.h"
#include "server/mysql/testing/test_database.h"

namespace canvass::events {
namespace {

using canvass::testing::Parse;
using ::testing::ElementsAre;
using v1::Decision;

constexpr absl::Duration kDay = absl::Hours(24);

class ReplayTest : public ::testing::Test {
 protected:
  ReplayTest() {
    survey_.status.state = v1::Survey::STATE_PUBLISHED;
    survey_.metric = "nps";
  }

  // `fields` of the trigger `mine`.
  void Make(const std::string& fields, int priority = 0) {
    auto trigger = Parse<v1::Trigger>(
        absl::StrCat("event_type: 'order' survey: 'tenants/acme/surveys/nps' state: STATE_ACTIVE ", fields));
    trigger.set_name("tenants/acme/triggers/mine");
    trigger.set_priority(priority);
    if (trigger.channels().empty()) trigger.add_channels(v1::Invitation::CHANNEL_IN_APP);
    if (trigger.has_condition()) {
      ASSERT_TRUE(
          conditions::NormalizeCondition("condition", {"event", "contact", "history"}, *trigger.mutable_condition())
              .ok());
    }
    others_.Sort();
    const ReplaySetting setting{
        .tenant = &tenant_, .time_zone = absl::UTCTimeZone(), .settings = &settings_, .triggers = &triggers_};
    replay_ = std::make_unique<Replay>(setting, triggers::Unpack(std::move(trigger), 1), survey_, nullptr, others_);
  }

  // What becomes of an event of `customer` that happened `time` after the start.
  Replayed On(const std::string& customer, absl::Duration time, absl::Duration late = absl::ZeroDuration()) {
    const ContactId id(customer);
    v1::Event event;
    event.set_source("/shop");
    event.set_id(absl::StrCat(next_++));
    *event.mutable_time() = ToProto(start_ + time);
    google::protobuf::Struct facts;
    const PastEvent past{.key = EventKey(event.source(), event.id()),
                         .customer = &id,
                         .time = FromProto(event.time()),
                         .receive_time = start_ + time + late,
                         .event = &event,
                         .facts = &facts,
                         .zone = &contact_};
    CustomerState& state = states_[customer];
    const Decision::Reason reason = replay_->Screen(past, state);
    if (reason != Decision::REASON_QUALIFIED) return {.outcome = Decision::OUTCOME_SKIPPED, .reason = reason};
    if (!state.known) replay_->Meet(contact_, suppressions_, state);
    return replay_->Decide(past, state);
  }
  Decision::Reason ReasonOn(const std::string& customer, absl::Duration time) { return On(customer, time).reason; }

  // Trigger `theirs` asked on an event `time` after the start.
  void OtherAsked(const std::string& customer, absl::Duration time, absl::Duration delay = absl::ZeroDuration(),
                  const std::string& survey = "nps") {
    const absl::Time due = start_ + time + delay;
    others_.Add(ContactId(customer), TriggerId("theirs"),
                {.survey = SurveyId(survey), .metric = survey, .channel = v1::Invitation::CHANNEL_EMAIL},
                LocalDay(due, absl::UTCTimeZone()), {.event = {.time = start_ + time, .key = Uuid()}, .due = due});
  }

  const absl::Time start_ = mysql::testing::TestStart();  // a Monday noon
  TenantId tenant_{"acme"};
  settings::TenantSettings settings_;
  triggers::TenantTriggers triggers_{{}};
  triggers::AskedSurvey survey_;
  v1::Contact contact_;
  std::vector<v1::Suppression> suppressions_;
  OtherAsks others_;
  absl::flat_hash_map<std::string, CustomerState> states_;
  std::unique_ptr<Replay> replay_;
  int next_ = 0;
};

TEST_F(ReplayTest, AFrequencyCapCountsItsOwnInvitations) {
  Make("frequency_caps { interval { seconds: 259200 } }");  // 3 days
  EXPECT_EQ(ReasonOn("ada", 0 * kDay), Decision::REASON_QUALIFIED);
  EXPECT_EQ(ReasonOn("bob", 1 * kDay), Decision::REASON_QUALIFIED);
  EXPECT_EQ(On("ada", 2 * kDay), (Replayed{Decision::OUTCOME_SUPPRESSED, Decision::REASON_FREQUENCY_CAP}));
  EXPECT_EQ(ReasonOn("ada", 3 * kDay), Decision::REASON_QUALIFIED) << "a gap of exactly the interval is allowed";
  EXPECT_EQ(ReasonOn("ada", 5 * kDay), Decision::REASON_FREQUENCY_CAP) << "counted from the last one that was asked";
}

TEST_F(ReplayTest, WhatIsSuppressedDoesNotCount) {
  Make("frequency_caps { interval { seconds: 172800 } }");  // 2 days
  std::string asked;
  for (int day = 0; day < 6; ++day) {
    asked += ReasonOn("ada", day * kDay) == Decision::REASON_QUALIFIED ? 'x' : '.';
  }
  EXPECT_EQ(asked, "x.x.x.");
}

TEST_F(ReplayTest, OthersCountByTheClockOfTheCap) {
  OtherAsked("ada", 1 * kDay);
  OtherAsked("bob", 1 * kDay, absl::ZeroDuration(), "csat");
  Make("frequency_caps { interval { seconds: 259200 } }");
  EXPECT_EQ(ReasonOn("ada", 2 * kDay), Decision::REASON_FREQUENCY_CAP);
  EXPECT_EQ(ReasonOn("bob", 2 * kDay), Decision::REASON_QUALIFIED) << "another survey";
  states_.clear();
  Make("frequency_caps { interval { seconds: 259200 } scope: SCOPE_CONTACT }");
  EXPECT_EQ(ReasonOn("bob", 2 * kDay), Decision::REASON_FREQUENCY_CAP);
  states_.clear();
  Make("frequency_caps { interval { seconds: 259200 } scope: SCOPE_CHANNEL }");
  EXPECT_EQ(ReasonOn("ada", 2 * kDay), Decision::REASON_QUALIFIED) << "that was a mail";
}

TEST_F(ReplayTest, OnlyWhatOthersDecidedBeforeCounts) {
  OtherAsked("ada", 1 * kDay, 7 * kDay);
  Make("frequency_caps { interval { seconds: 864000 } scope: SCOPE_CONTACT }");  // 10 days
  EXPECT_EQ(ReasonOn("ada", absl::Hours(23)), Decision::REASON_QUALIFIED)
      << "it was asked first, though both are due later";
  states_.clear();
  EXPECT_EQ(ReasonOn("ada", absl::Hours(25)), Decision::REASON_FREQUENCY_CAP) << "decided, if not due yet";
}

TEST_F(ReplayTest, OnOneEventPriorityDecidesThenTheId) {
  const Uuid key = EventKey("/shop", "0");
  others_.Add(ContactId("ada"), TriggerId("theirs"), {.survey = SurveyId("nps"), .metric = "nps"}, std::nullopt,
              {.event = {.time = start_, .key = key}, .due = start_});
  const std::string cap = "frequency_caps { interval { seconds: 86400 } }";
  Make(cap);
  EXPECT_EQ(ReasonOn("ada", absl::ZeroDuration()), Decision::REASON_QUALIFIED) << "'mine' comes before 'theirs'";
  states_.clear();
  next_ = 0;
  Make(cap, -1);
  EXPECT_EQ(ReasonOn("ada", absl::ZeroDuration()), Decision::REASON_FREQUENCY_CAP);
}

TEST_F(ReplayTest, QuietHoursDeferOrSkip) {
  Make("quiet_hours { start: '22:00' end: '08:00' } frequency_caps { interval { seconds: 3600 } }");
  EXPECT_EQ(On("ada", absl::Hours(9)),
            (Replayed{Decision::OUTCOME_SCHEDULED, Decision::REASON_QUALIFIED, v1::Invitation::CHANNEL_IN_APP}));
  EXPECT_EQ(On("ada", absl::Hours(11)),
            (Replayed{Decision::OUTCOME_DEFERRED, Decision::REASON_QUIET_HOURS, v1::Invitation::CHANNEL_IN_APP}));
  EXPECT_EQ(ReasonOn("ada", absl::Hours(13)), Decision::REASON_FREQUENCY_CAP) << "both would be due at 8";
  Make("quiet_hours { start: '22:00' end: '08:00' action: ACTION_SKIP }");
  EXPECT_EQ(On("bob", absl::Hours(11)), (Replayed{Decision::OUTCOME_SKIPPED, Decision::REASON_QUIET_HOURS}));
  contact_.set_time_zone("America/New_York");  // four hours back
  EXPECT_EQ(ReasonOn("bob", absl::Hours(11)), Decision::REASON_QUALIFIED);
}

TEST_F(ReplayTest, DailyLimitsCountByTheDayOfBeingDue) {
  Make("daily_limit: 2 delay { seconds: 43200 }");  // due at midnight
  EXPECT_EQ(ReasonOn("a", absl::ZeroDuration()), Decision::REASON_QUALIFIED);
  EXPECT_EQ(ReasonOn("b", absl::Minutes(1)), Decision::REASON_QUALIFIED);
  EXPECT_EQ(On("c", absl::Minutes(2)), (Replayed{Decision::OUTCOME_SUPPRESSED, Decision::REASON_DAILY_LIMIT}));
  EXPECT_EQ(ReasonOn("d", kDay), Decision::REASON_QUALIFIED);
}

TEST_F(ReplayTest, ThePolicysLimitCountsOthersToo) {
  settings_.policy.set_daily_limit(3);
  OtherAsked("x", absl::Minutes(1));
  OtherAsked("y", absl::Minutes(3));
  Make("");
  EXPECT_EQ(ReasonOn("a", absl::Minutes(2)), Decision::REASON_QUALIFIED);
  EXPECT_EQ(ReasonOn("b", absl::Minutes(2)), Decision::REASON_QUALIFIED) << "the third";
  EXPECT_EQ(ReasonOn("c", absl::Minutes(2)), Decision::REASON_DAILY_LIMIT);
}

TEST_F(ReplayTest, TheSampleIsThatOfTheTrigger) {
  Make("sample_rate: 0.3");
  int asked = 0;
  for (int i = 0; i < 1000; ++i) {
    const std::string customer = absl::StrCat("customer-", i);
    const Decision::Reason reason = ReasonOn(customer, absl::Minutes(i));
    asked += reason == Decision::REASON_QUALIFIED ? 1 : 0;
    EXPECT_EQ(ReasonOn(customer, absl::Minutes(i)), reason) << "always the same customers";
  }
  EXPECT_NEAR(asked, 300, 50);
}

TEST_F(ReplayTest, HistoryIsWhatTheReplayMadeAndOthersDid) {
  OtherAsked("bob", -2 * kDay);
  Make("condition { text: 'history.invitations < 2' }");
  EXPECT_EQ(ReasonOn("ada", 0 * kDay), Decision::REASON_QUALIFIED);
  EXPECT_EQ(ReasonOn("ada", 1 * kDay), Decision::REASON_QUALIFIED);
  EXPECT_EQ(ReasonOn("ada", 2 * kDay), Decision::REASON_CONDITION_FALSE);
  EXPECT_EQ(ReasonOn("bob", 0 * kDay), Decision::REASON_QUALIFIED);
  EXPECT_EQ(ReasonOn("bob", 1 * kDay), Decision::REASON_CONDITION_FALSE);
  Make("condition { text: 'history.days_since_invitation >= 3' }");
  EXPECT_EQ(ReasonOn("bob", 0 * kDay), Decision::REASON_CONDITION_FALSE);
  EXPECT_EQ(ReasonOn("bob", 5 * kDay), Decision::REASON_QUALIFIED);
}

TEST_F(ReplayTest, WhoCannotBeReachedIsNotAsked) {
  Make("channels: CHANNEL_EMAIL");
  EXPECT_EQ(On("ada", absl::ZeroDuration()), (Replayed{Decision::OUTCOME_SKIPPED, Decision::REASON_NO_ADDRESS}));
}

TEST_F(ReplayTest, LatenessIsThatOfTheRealEvent) {
  Make("max_lateness { seconds: 3600 }");
  EXPECT_EQ(On("ada", absl::ZeroDuration(), absl::Hours(1)).reason, Decision::REASON_QUALIFIED);
  EXPECT_EQ(On("bob", absl::ZeroDuration(), absl::Hours(2)),
            (Replayed{Decision::OUTCOME_SKIPPED, Decision::REASON_EXPIRED}));
}

TEST(TallyTest, CountsByDayOfTheZone) {
  absl::TimeZone zone;
  ASSERT_TRUE(absl::LoadTimeZone("Europe/Paris", &zone));
  Tally tally(zone);
  const absl::Time midnight = absl::FromCivil(absl::CivilDay(2025, 6, 3), zone);
  const Replayed asks{Decision::OUTCOME_DEFERRED, Decision::REASON_QUIET_HOURS, v1::Invitation::CHANNEL_EMAIL};
  tally.Add(midnight, asks);
  tally.Add(midnight - absl::Microseconds(1), asks);
  tally.Add(midnight, {Decision::OUTCOME_SUPPRESSED, Decision::REASON_DAILY_LIMIT});
  tally.Add(midnight, {Decision::OUTCOME_SKIPPED, Decision::REASON_SAMPLED_OUT});
  v1::BacktestedRule rule;
  tally.WriteTo(rule);
  EXPECT_EQ(rule.ShortDebugString(),
            "events: 4 invitations: 2 "
            "counts { outcome: OUTCOME_DEFERRED reason: REASON_QUIET_HOURS count: 2 } "
            "counts { outcome: OUTCOME_SUPPRESSED reason: REASON_DAILY_LIMIT count: 1 } "
            "counts { outcome: OUTCOME_SKIPPED reason: REASON_SAMPLED_OUT count: 1 } "
            "days { day: \"2025-06-02\" events: 1 asked: 1 } "
            "days { day: \"2025-06-03\" events: 3 asked: 1 suppressed: 1 } "
            "channels { channel: CHANNEL_EMAIL invitations: 2 }");
}

}  // namespace
}  // namespace canvass::events
