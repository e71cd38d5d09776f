// Every rule of triggers from an event to its decision, its explanation and its count, against a database.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/proto_time.h"
#include "server/contacts/merging/merge_contacts.h"
#include "server/events/event.h"
#include "server/events/testing/orchestration_house.h"
#include "server/mysql/testing/test_database.h"
#include "server/triggers/decisions/get_decision.h"

namespace canvass::events {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::OrchestrationHouse;
using testing::Order;
using testing::Parse;
using ::testing::SizeIs;
using v1::Decision;
using v1::RuleFinding;

constexpr absl::Duration kDay = absl::Hours(24);

class DecisionsTest : public ::testing::Test {
 protected:
  DecisionsTest() {
    house_.PublishSurvey(scope_, "nps");
    house_.PublishSurvey(scope_, "csat");
  }

  void MakeTrigger(absl::string_view id, absl::string_view more = "", absl::string_view survey = "nps") {
    house_.MakeTrigger(scope_, id,
                       absl::StrCat("event_type: 'order.delivered' survey: 'tenants/-/surveys/", survey, "' ", more));
  }
  void AllowMail() { house_.SetChannels(scope_, "email { from_address: 'ask@example.com' }"); }
  void MakeContact(absl::string_view id, absl::string_view content) {
    house_.MakeContact(scope_, id, Parse<v1::Contact>(content));
  }
  Decision On(const v1::Event& event, absl::string_view trigger) { return house_.DecisionOn(scope_, event, trigger); }

  std::vector<Decision> ListAll(absl::string_view trigger, absl::string_view contact, int page_size) {
    v1::ListDecisionsRequest request;
    request.set_parent("tenants/-");
    request.set_page_size(page_size);
    if (!trigger.empty()) request.set_trigger(absl::StrCat("tenants/-/triggers/", trigger));
    if (!contact.empty()) request.set_contact(absl::StrCat("tenants/-/contacts/", contact));
    std::vector<Decision> all;
    do {
      const auto page = triggers::ListDecisions(house_.decisions, house_.triggers, scope_, request);
      EXPECT_TRUE(page.ok()) << page.status();
      if (!page.ok()) return all;
      EXPECT_LE(page->decisions_size(), page_size);
      all.insert(all.end(), page->decisions().begin(), page->decisions().end());
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return all;
  }
  int64_t CountOf(absl::string_view trigger, Decision::Reason reason) {
    v1::CountDecisionsRequest request;
    request.set_parent("tenants/-");
    request.set_trigger(absl::StrCat("tenants/-/triggers/", trigger));
    const auto counts = triggers::CountDecisions(house_.decisions, house_.triggers, scope_, request);
    EXPECT_TRUE(counts.ok()) << counts.status();
    int64_t total = 0;
    for (const v1::DecisionCount& count : counts->counts()) total += count.reason() == reason ? count.count() : 0;
    return total;
  }

  mysql::testing::TestDatabase db_;
  TenantScope scope_ = mysql::testing::MakeScope("acme");
  OrchestrationHouse house_{db_.database(), db_.clock(), db_.random()};
  const absl::Time now_ = db_.clock().Now();
  const absl::Time noon_ =
      absl::FromCivil(absl::CivilDay(absl::ToCivilDay(now_, absl::UTCTimeZone())) - 3, absl::UTCTimeZone()) +
      absl::Hours(12);
};

TEST_F(DecisionsTest, EveryRuleHasItsReasonAndFinding) {
  AllowMail();
  house_.PublishSurvey(scope_, "closed");
  house_.CloseSurvey(scope_, "closed");
  house_.MakeDraft(scope_, "draft");
  house_.MakeSegment(scope_, "vip", "contact.plan = premium");
  MakeContact("ada", "time_zone: 'UTC'");
  MakeTrigger("a-asks", "priority: 5");
  MakeTrigger("b-closed", "", "closed");
  MakeTrigger("c-draft", "", "draft");
  MakeTrigger("d-segment", "segment: 'tenants/-/segments/vip'");
  MakeTrigger("e-condition", "condition { text: 'event.total > 1000' }");
  MakeTrigger("f-sample", "sample_rate: 0.0000001");
  MakeTrigger("g-mail", "channels: CHANNEL_EMAIL");
  MakeTrigger("h-late", "max_lateness { seconds: 3600 }");
  MakeTrigger("i-quiet", "quiet_hours { start: '11:00' end: '13:00' action: ACTION_SKIP }");
  MakeTrigger("j-deferred", "quiet_hours { start: '11:00' end: '13:00' }", "csat");
  MakeTrigger("k-cap", "frequency_caps { interval { seconds: 86400 } }");
  const v1::Event event = Order("o-1", "ada", noon_);
  house_.MustPublish(scope_, {event});
  struct Row {
    const char* trigger;
    Decision::Outcome outcome;
    Decision::Reason reason;
    RuleFinding::Rule rule;
    bool passed;
    const char* words;
  };
  const Row rows[] = {
      {"a-asks", Decision::OUTCOME_SCHEDULED, Decision::REASON_QUALIFIED, RuleFinding::RULE_FREQUENCY_CAP, true,
       "survey 'nps'"},
      {"b-closed", Decision::OUTCOME_SKIPPED, Decision::REASON_SURVEY_CLOSED, RuleFinding::RULE_SURVEY_OPEN, false,
       "'closed' was closed"},
      {"c-draft", Decision::OUTCOME_SKIPPED, Decision::REASON_SURVEY_NOT_PUBLISHED, RuleFinding::RULE_SURVEY_OPEN,
       false, "no published version"},
      {"d-segment", Decision::OUTCOME_SKIPPED, Decision::REASON_NOT_IN_SEGMENT, RuleFinding::RULE_SEGMENT, false,
       "segment 'vip'"},
      {"e-condition", Decision::OUTCOME_SKIPPED, Decision::REASON_CONDITION_FALSE, RuleFinding::RULE_CONDITION, false,
       "event.total was 20"},
      {"f-sample", Decision::OUTCOME_SKIPPED, Decision::REASON_SAMPLED_OUT, RuleFinding::RULE_SAMPLE, false,
       "the sample ends at 1e-07"},
      {"g-mail", Decision::OUTCOME_SKIPPED, Decision::REASON_NO_ADDRESS, RuleFinding::RULE_CHANNEL, false,
       "no address for email"},
      {"h-late", Decision::OUTCOME_SKIPPED, Decision::REASON_EXPIRED, RuleFinding::RULE_LATENESS, false,
       "the trigger allows 1 hour"},
      {"i-quiet", Decision::OUTCOME_SKIPPED, Decision::REASON_QUIET_HOURS, RuleFinding::RULE_QUIET_HOURS, false,
       "11:00 to 13:00"},
      {"j-deferred", Decision::OUTCOME_DEFERRED, Decision::REASON_QUIET_HOURS, RuleFinding::RULE_FREQUENCY_CAP, true,
       "13:00:00 UTC on"},
      {"k-cap", Decision::OUTCOME_SUPPRESSED, Decision::REASON_FREQUENCY_CAP, RuleFinding::RULE_FREQUENCY_CAP, false,
       "'nps' within 1 day"},
  };
  for (const Row& row : rows) {
    const v1::ExplainDecisionResponse explained = house_.Explain(scope_, event, row.trigger);
    const Decision& decision = explained.decision();
    EXPECT_EQ(Decision::Outcome_Name(decision.outcome()), Decision::Outcome_Name(row.outcome)) << row.trigger;
    EXPECT_EQ(Decision::Reason_Name(decision.reason()), Decision::Reason_Name(row.reason)) << row.trigger;
    EXPECT_THAT(decision.explanation(), HasSubstr(row.words)) << row.trigger;
    EXPECT_EQ(decision.trigger_revision(), 1) << row.trigger;
    EXPECT_EQ(explained.decision().DebugString(), On(event, row.trigger).DebugString());
    ASSERT_FALSE(explained.findings().empty()) << row.trigger;
    for (int i = 0; i < explained.findings_size(); ++i) {
      EXPECT_EQ(explained.findings(i).rule(), i + 1) << row.trigger;
      EXPECT_FALSE(explained.findings(i).detail().empty()) << row.trigger;
      EXPECT_TRUE(explained.findings(i).passed() || i + 1 == explained.findings_size()) << row.trigger;
    }
    const RuleFinding& last = explained.findings(explained.findings_size() - 1);
    EXPECT_EQ(RuleFinding::Rule_Name(last.rule()), RuleFinding::Rule_Name(row.rule)) << row.trigger;
    EXPECT_EQ(last.passed(), row.passed) << row.trigger;
    EXPECT_EQ(explained.facts().fields().at("event").struct_value().fields().at("total").number_value(), 20);
    EXPECT_EQ(CountOf(row.trigger, row.reason), 1) << row.trigger;
  }
  EXPECT_EQ(FromProto(On(event, "j-deferred").next_eligible_time()), noon_ + absl::Hours(1));
  EXPECT_EQ(FromProto(On(event, "i-quiet").next_eligible_time()), noon_ + absl::Hours(1));
  EXPECT_THAT(ListAll("", "ada", 3), SizeIs(std::size(rows)));
}

TEST_F(DecisionsTest, WhatCanvassItselfCausedNeverAsksAgain) {
  MakeTrigger("after");
  v1::Event event = Order("o-1", "ada", noon_);
  event.set_cause("tenants/acme/invitations/x");
  house_.MustPublish(scope_, {event});
  EXPECT_EQ(On(event, "after").reason(), Decision::REASON_LOOP_GUARD);
  EXPECT_THAT(On(event, "after").explanation(), HasSubstr("tenants/acme/invitations/x"));
  EXPECT_THAT(house_.InvitationsOf(scope_, "ada"), IsEmpty());
}

TEST_F(DecisionsTest, AFullSurveyIsNotAsked) {
  const auto limit = [](v1::Survey& survey) {
    survey.mutable_closing()->set_max_responses(2);
    return absl::OkStatus();
  };
  ASSERT_TRUE(house_.surveys.Change(scope_, SurveyId("nps"), now_, limit).ok());
  house_.survey_catalog.Forget(scope_, SurveyId("nps"));
  MakeTrigger("after");
  const v1::Event before = Order("o-1", "ada", noon_);
  house_.MustPublish(scope_, {before});
  ASSERT_TRUE(db_.Connect()
                  ->ExecuteText("INSERT INTO survey_counters (tenant_id, survey_id, counter_key, total, last_response) "
                                "VALUES ('acme', 'nps', '@responses', 2, REPEAT('x', 16))")
                  .ok());
  const v1::Event behind = Order("o-2", "bob", noon_);
  house_.MustPublish(scope_, {behind});
  EXPECT_EQ(On(before, "after").reason(), Decision::REASON_QUALIFIED);
  EXPECT_EQ(On(behind, "after").reason(), Decision::REASON_QUOTA_FULL);
}

TEST_F(DecisionsTest, TheFirstUsableChannelIsTaken) {
  AllowMail();
  MakeContact("mail", "addresses { channel: CHANNEL_EMAIL value: 'm@example.com' }");
  MakeContact("denied", "addresses { channel: CHANNEL_EMAIL value: 'd@example.com' consent: CONSENT_DENIED }");
  MakeContact("unsubscribed", "addresses { channel: CHANNEL_EMAIL value: 'u@example.com' }");
  v1::Suppression suppression;
  suppression.set_address("u@example.com");
  suppression.set_reason(v1::Suppression::REASON_UNSUBSCRIBED);
  ASSERT_TRUE(house_.suppressions.Add(scope_, suppression, now_).ok());
  MakeTrigger("mail-or-app", "channels: CHANNEL_SMS channels: CHANNEL_EMAIL channels: CHANNEL_IN_APP");
  MakeTrigger("mail-only", "channels: CHANNEL_EMAIL", "csat");
  std::vector<v1::Event> events;
  for (const char* customer : {"mail", "denied", "unsubscribed", "unknown"}) {
    events.push_back(Order(absl::StrCat("o-", customer), customer, noon_));
  }
  house_.MustPublish(scope_, events);
  const auto channel = [&](absl::string_view customer) {
    for (const v1::Invitation& invitation : house_.InvitationsOf(scope_, customer)) {
      if (invitation.survey() == "tenants/acme/surveys/nps") return invitation.channel();
    }
    return v1::Invitation::CHANNEL_UNSPECIFIED;
  };
  EXPECT_EQ(channel("mail"), v1::Invitation::CHANNEL_EMAIL);
  EXPECT_EQ(channel("denied"), v1::Invitation::CHANNEL_IN_APP);
  EXPECT_EQ(channel("unsubscribed"), v1::Invitation::CHANNEL_IN_APP);
  EXPECT_EQ(channel("unknown"), v1::Invitation::CHANNEL_IN_APP);
  EXPECT_EQ(On(events[0], "mail-only").reason(), Decision::REASON_QUALIFIED);
  EXPECT_EQ(On(events[1], "mail-only").reason(), Decision::REASON_OPTED_OUT);
  EXPECT_EQ(On(events[1], "mail-only").outcome(), Decision::OUTCOME_SUPPRESSED);
  EXPECT_EQ(On(events[2], "mail-only").reason(), Decision::REASON_OPTED_OUT);
  EXPECT_EQ(On(events[3], "mail-only").reason(), Decision::REASON_NO_ADDRESS);
  // One message for each invitation that is sent, due with it.
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM outbox"), 2);
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM outbox o JOIN invitations i ON o.tenant_id = i.tenant_id AND "
                      "o.invitation_id = i.invitation_id AND o.attempt_time = i.schedule_time AND o.channel = 2"),
            2);
}

TEST_F(DecisionsTest, ADeferredInvitationIsDueAtTheEndOfTheQuiet) {
  house_.SetPolicy(scope_, "quiet_hours { start: '22:00' end: '08:00' action: ACTION_DEFER }");
  MakeContact("tokyo", "time_zone: 'Asia/Tokyo'");
  MakeTrigger("after");
  MakeTrigger("impatient", "max_lateness { seconds: 7200 }", "csat");
  // Five minutes ahead, so that nothing is late by itself.
  db_.clock().Advance(noon_ + kDay + absl::Hours(2) - now_ + absl::Hours(24 * 10));
  const absl::Time time = db_.clock().Now();  // 14:00 UTC, 23:00 in Tokyo
  const v1::Event event = Order("o-1", "tokyo", time);
  const v1::Event awake = Order("o-2", "ada", time);
  house_.MustPublish(scope_, {event, awake});
  EXPECT_EQ(On(event, "after").outcome(), Decision::OUTCOME_DEFERRED);
  EXPECT_EQ(On(event, "impatient").reason(), Decision::REASON_EXPIRED);
  EXPECT_EQ(On(awake, "after").outcome(), Decision::OUTCOME_SCHEDULED);
  const std::vector<v1::Invitation> invitations = house_.InvitationsOf(scope_, "tokyo");
  ASSERT_THAT(invitations, SizeIs(1));
  EXPECT_EQ(FromProto(invitations[0].schedule_time()), time + absl::Hours(9));
}

TEST_F(DecisionsTest, PriorityMovesTheCapsFirst) {
  const std::string cap = "frequency_caps { interval { seconds: 86400 } scope: SCOPE_CONTACT } ";
  MakeTrigger("a", cap);
  MakeTrigger("b", cap + "priority: 3", "csat");
  const v1::Event event = Order("o-1", "ada", noon_);
  house_.MustPublish(scope_, {event});
  EXPECT_EQ(On(event, "a").reason(), Decision::REASON_FREQUENCY_CAP);
  EXPECT_EQ(On(event, "b").reason(), Decision::REASON_QUALIFIED);
}

TEST_F(DecisionsTest, CapsCountByMetricAndChannelToo) {
  AllowMail();
  MakeContact("ada", "addresses { channel: CHANNEL_EMAIL value: 'a@example.com' }");
  MakeTrigger("a-mail", "channels: CHANNEL_EMAIL");
  MakeTrigger("b-metric", "frequency_caps { interval { seconds: 86400 } scope: SCOPE_METRIC }", "csat");
  MakeTrigger("c-channel",
              "channels: CHANNEL_EMAIL frequency_caps { interval { seconds: 86400 } scope: SCOPE_CHANNEL }", "csat");
  MakeTrigger("d-app", "frequency_caps { interval { seconds: 86400 } scope: SCOPE_CHANNEL }", "csat");
  const v1::Event event = Order("o-1", "ada", noon_);
  house_.MustPublish(scope_, {event});
  EXPECT_EQ(On(event, "a-mail").reason(), Decision::REASON_QUALIFIED);
  EXPECT_THAT(On(event, "b-metric").explanation(), HasSubstr("metric nps within 1 day"));
  EXPECT_THAT(On(event, "c-channel").explanation(), HasSubstr("by email within 1 day"));
  EXPECT_EQ(On(event, "d-app").reason(), Decision::REASON_QUALIFIED);
  // An event long before the latest one is judged by what was asked around it: by metric and channel as well.
  house_.MustPublish(scope_, {Order("o-2", "ada", noon_ + 2 * kDay)});
  const v1::Event late = Order("o-3", "ada", noon_ + absl::Hours(1));
  house_.MustPublish(scope_, {late});
  EXPECT_EQ(On(late, "b-metric").reason(), Decision::REASON_FREQUENCY_CAP);
  EXPECT_EQ(On(late, "c-channel").reason(), Decision::REASON_FREQUENCY_CAP);
}

TEST_F(DecisionsTest, ThePolicysCapHoldsForAll) {
  house_.SetPolicy(scope_, "frequency_caps { interval { seconds: 86400 } scope: SCOPE_CONTACT }");
  MakeTrigger("a");
  MakeTrigger("b", "", "csat");
  const v1::Event event = Order("o-1", "ada", noon_);
  house_.MustPublish(scope_, {event});
  EXPECT_EQ(On(event, "a").reason(), Decision::REASON_QUALIFIED);
  EXPECT_THAT(On(event, "b").explanation(), HasSubstr("contact policy's frequency cap"));
}

TEST_F(DecisionsTest, DailyLimitsHoldForPublishersAtTheSameTime) {
  house_.SetPolicy(scope_, "daily_limit: 30");
  MakeTrigger("limited", "daily_limit: 10");
  MakeTrigger("open", "", "csat");
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([this, t] {
      for (int call = 0; call < 3; ++call) {
        std::vector<v1::Event> events;
        for (int i = 0; i < 5; ++i) {
          const std::string id = absl::StrCat(t, "-", call, "-", i);
          events.push_back(Order(id, id, noon_ + absl::Seconds(i)));
        }
        house_.MustPublish(scope_, events);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(CountOf("limited", Decision::REASON_QUALIFIED), 10);
  EXPECT_EQ(CountOf("limited", Decision::REASON_DAILY_LIMIT), 50);
  EXPECT_EQ(CountOf("open", Decision::REASON_QUALIFIED), 20);
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM invitations"), 30);
  // The next day is another one.
  const v1::Event next = Order("next", "ada", noon_ + kDay);
  house_.MustPublish(scope_, {next});
  EXPECT_EQ(On(next, "limited").reason(), Decision::REASON_QUALIFIED);
}

TEST_F(DecisionsTest, HistoryIsTheSameInOneCallOrMany) {
  MakeTrigger("first", "condition { text: 'history.invitations = 0' }");
  MakeTrigger("later", "condition { text: 'history.days_since_invitation >= 2' }", "csat");
  std::vector<v1::Event> in_one_call;
  std::vector<v1::Event> in_many;
  for (int i = 0; i < 4; ++i) {
    in_one_call.push_back(Order(absl::StrCat("a-", i), "ada", noon_ - (4 - i) * kDay));
    in_many.push_back(Order(absl::StrCat("b-", i), "bob", noon_ - (4 - i) * kDay));
  }
  std::reverse(in_one_call.begin(), in_one_call.end());
  house_.MustPublish(scope_, in_one_call);
  std::reverse(in_one_call.begin(), in_one_call.end());
  for (const v1::Event& event : in_many) house_.MustPublish(scope_, {event});
  for (std::size_t i = 0; i < in_many.size(); ++i) {
    for (const char* trigger : {"first", "later"}) {
      EXPECT_EQ(On(in_one_call[i], trigger).reason(), On(in_many[i], trigger).reason()) << i << trigger;
    }
    EXPECT_EQ(On(in_many[i], "first").outcome(), i == 0 ? Decision::OUTCOME_SCHEDULED : Decision::OUTCOME_SKIPPED);
  }
  EXPECT_EQ(On(in_many[2], "later").reason(), Decision::REASON_QUALIFIED);
  EXPECT_THAT(On(in_many[1], "first").explanation(), HasSubstr("history.invitations was 1"));
  // Facts of history explain, and stay out of the invitation.
  EXPECT_FALSE(house_.InvitationsOf(scope_, "bob")[0].facts().fields().contains("history"));
}

TEST_F(DecisionsTest, ContactsComeWithTheirEvents) {
  MakeContact("ada",
              "attributes { fields { key: 'plan' value { string_value: 'basic' } } fields { key: 'country' "
              "value { string_value: 'FR' } } }");
  MakeTrigger("after", "condition { text: 'contact.plan = premium AND contact.country = FR' }");
  v1::PublishEventsRequest request;
  request.set_parent("tenants/-");
  *request.add_events() = Order("o-1", "ada", noon_);
  *request.add_contacts() = Parse<v1::Contact>(
      "name: 'tenants/-/contacts/ada' attributes { fields { key: 'plan' value { string_value: 'premium' } } }");
  request.add_contacts()->set_name("nobody");
  const auto response = house_.PublishRequest(scope_, request);
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->results(0).invitations(), 1);
  ASSERT_THAT(response->contact_problems(), SizeIs(1));
  EXPECT_EQ(response->contact_problems(0).index(), 1);
}

TEST_F(DecisionsTest, AChangedTriggerExplainsItsOldDecisions) {
  MakeTrigger("after", "condition { text: 'event.total > 100' }");
  const v1::Event before = Order("o-1", "ada", noon_);
  house_.MustPublish(scope_, {before});
  ASSERT_TRUE(db_.database()
                  .Write(scope_,
                         [&](mysql::Transaction& tx) -> absl::Status {
                           auto trigger = house_.triggers.Lock(tx, scope_, TriggerId("after"));
                           if (!trigger.ok()) return trigger.status();
                           (*trigger)->mutable_condition()->mutable_compare()->mutable_value()->set_number_value(50);
                           return house_.triggers.Update(tx, scope_, TriggerId("after"), **trigger, now_).status();
                         })
                  .ok());
  house_.trigger_catalog.Forget(scope_);
  // A repeated event is not judged anew.
  const v1::Event behind = Order("o-2", "ada", noon_);
  house_.MustPublish(scope_, {before, behind});
  EXPECT_THAT(On(before, "after").explanation(), HasSubstr("event.total > 100"));
  EXPECT_EQ(On(before, "after").trigger_revision(), 1);
  EXPECT_THAT(On(behind, "after").explanation(), HasSubstr("event.total > 50"));
  EXPECT_EQ(On(behind, "after").trigger_revision(), 2);
  EXPECT_EQ(CountOf("after", Decision::REASON_CONDITION_FALSE), 2);
}

TEST_F(DecisionsTest, ListsAndCountsAgreeAcrossRowsAndSkips) {
  MakeTrigger("some", "condition { text: 'event.total >= 50' } frequency_caps { interval { seconds: 7200 } }");
  MakeTrigger("none", "condition { text: 'event.total > 1000' }", "csat");
  MakeTrigger("third", "condition { text: 'event.total > 2000' }", "csat");
  house_.MakeTrigger(scope_, "other-type", "event_type: 'x' survey: 'tenants/-/surveys/nps'");
  std::vector<v1::Event> events;
  for (int i = 0; i < 120; ++i) {
    events.push_back(Order(absl::StrCat("o-", i), i % 3 == 0 ? "ada" : "bob", noon_ - absl::Minutes(10 * (i / 2)),
                           i % 7 == 0 ? 60 : 10));
  }
  house_.MustPublish(scope_, events);
  for (const auto& [trigger, contact, size] : std::vector<std::tuple<std::string, std::string, std::size_t>>{
           {"some", "", 120}, {"none", "", 120}, {"", "ada", 120}, {"some", "ada", 40}, {"other-type", "", 0}}) {
    for (const int page_size : {1, 7, 1000}) {
      if (page_size == 1 && size > 100) continue;
      const std::vector<Decision> all = ListAll(trigger, contact, page_size);
      EXPECT_THAT(all, SizeIs(size)) << trigger << contact << page_size;
      std::set<std::string> names;
      for (const Decision& decision : all) names.insert(decision.name());
      EXPECT_THAT(names, SizeIs(size)) << trigger << contact << page_size;
      EXPECT_TRUE(std::is_sorted(all.begin(), all.end(), [](const Decision& a, const Decision& b) {
        return FromProto(a.event_time()) > FromProto(b.event_time());
      }));
    }
  }
  std::map<int, int64_t> reasons;
  for (const Decision& decision : ListAll("some", "", 1000)) ++reasons[decision.reason()];
  EXPECT_GT(reasons.size(), 2U);
  for (const auto& [reason, count] : reasons) {
    EXPECT_EQ(CountOf("some", static_cast<Decision::Reason>(reason)), count) << reason;
  }
}

TEST_F(DecisionsTest, OrderAndRepetitionDoNotMatter) {
  MakeTrigger("weekly", "frequency_caps { interval { seconds: 604800 } } sample_rate: 0.6");
  MakeTrigger("big", "condition { text: 'event.total > 50' }", "csat");
  std::vector<v1::Event> events;
  for (int i = 0; i < 60; ++i) {
    events.push_back(Order(absl::StrCat("o-", i), absl::StrCat("c-", i % 30), noon_ - absl::Hours(i * 24 * 10), i * 2));
  }
  house_.MustPublish(scope_, events);
  std::vector<std::string> first;
  for (const v1::Event& event : events) {
    first.push_back(absl::StrCat(On(event, "weekly").reason(), On(event, "big").reason()));
  }
  std::reverse(events.begin(), events.end());
  house_.MustPublish(scope_, events);
  std::reverse(events.begin(), events.end());
  std::vector<std::string> again;
  for (const v1::Event& event : events) {
    again.push_back(absl::StrCat(On(event, "weekly").reason(), On(event, "big").reason()));
  }
  EXPECT_EQ(again, first);
  EXPECT_EQ(db_.Count("SELECT COALESCE(SUM(total), 0) FROM skip_counts") + db_.Count("SELECT COUNT(*) FROM decisions"),
            120);
}

TEST_F(DecisionsTest, AMergedContactsDecisionsAreListedUnderBothIds) {
  MakeTrigger("asks", "frequency_caps { interval { seconds: 86400 } }");
  MakeTrigger("skips", "condition { text: 'event.total > 1000' }");
  house_.MustPublish(scope_, {Order("o-1", "visitor", noon_), Order("o-2", "ada", noon_)});
  v1::MergeContactsRequest merge;
  merge.set_name("tenants/-/contacts/ada");
  merge.set_duplicate("tenants/-/contacts/visitor");
  ASSERT_TRUE(contacts::MergeContacts(house_.contacts, db_.clock(), scope_, merge).ok());
  house_.MustPublish(scope_, {Order("o-3", "visitor", noon_)});
  for (const char* id : {"ada", "visitor"}) {
    EXPECT_EQ(ListAll("", id, 4).size(), 6U) << id;
    EXPECT_EQ(ListAll("skips", id, 4).size(), 3U) << id;
  }
  EXPECT_TRUE(ListAll("", "bob", 4).empty());
}

}  // namespace
}  // namespace canvass::events
