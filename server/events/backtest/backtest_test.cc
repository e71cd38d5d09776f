// Backtests against a database: above all, that replaying a trigger over the events that it decided on for real gives
// the counts that were really counted.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/events/backtest/backtest_trigger.h"
#include "server/events/testing/orchestration_house.h"
#include "server/mysql/testing/test_database.h"
#include "server/operations/operation_runner.h"
#include "server/operations/operation_store.h"
#include "server/triggers/create_trigger.h"
#include "server/triggers/decisions/get_decision.h"
#include "server/triggers/pause_trigger.h"

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

using Counts = std::map<std::pair<std::string, std::string>, int64_t>;

class BacktestTest : public ::testing::Test {
 protected:
  BacktestTest() {
    house_.PublishSurvey(scope_, "nps");
    house_.PublishSurvey(scope_, "csat");
  }

  static v1::Trigger Trigger(absl::string_view more, absl::string_view survey = "nps") {
    return Parse<v1::Trigger>(
        absl::StrCat("event_type: 'order.delivered' survey: 'tenants/-/surveys/", survey, "' ", more));
  }
  void MakeTrigger(absl::string_view id, absl::string_view more, absl::string_view survey = "nps") {
    house_.MakeTrigger(scope_, id, Trigger(more, survey));
  }

  absl::StatusOr<v1::Operation> Start(v1::BacktestTriggerRequest request) {
    request.set_parent("tenants/-");
    return BacktestTrigger({.triggers = house_.triggers,
                            .surveys = house_.survey_catalog,
                            .operations = operations_,
                            .clock = db_.clock(),
                            .random = db_.random()},
                           scope_, request);
  }
  // What the operation of `request` finds.
  v1::BacktestResult Run(const v1::BacktestTriggerRequest& request) {
    const absl::StatusOr<v1::Operation> started = Start(request);
    EXPECT_TRUE(started.ok()) << started.status();
    const auto claimed = operations_.Claim(
        scope_, {.owner = "me", .lease = absl::Hours(1), .kinds = {kBacktestTrigger}, .now = db_.clock().Now()});
    v1::Operation done;
    const absl::Status status = BacktestFunction(sources_)(scope_, (*claimed)->request, run_, done);
    EXPECT_TRUE(status.ok()) << status;
    done.set_state(v1::Operation::STATE_SUCCEEDED);
    EXPECT_TRUE(*operations_.Finish(scope_, **claimed, done, db_.clock().Now()));
    return done.backtest();
  }
  v1::BacktestResult RunSaved(absl::string_view id, absl::string_view compare_with = "") {
    v1::BacktestTriggerRequest request;
    request.set_name(absl::StrCat("tenants/-/triggers/", id));
    if (!compare_with.empty()) request.set_compare_with(absl::StrCat("tenants/-/triggers/", compare_with));
    return Run(request);
  }
  v1::BacktestResult RunUnsaved(v1::Trigger trigger, absl::string_view id = "") {
    v1::BacktestTriggerRequest request;
    if (!id.empty()) trigger.set_name(absl::StrCat("tenants/-/triggers/", id));
    *request.mutable_trigger() = std::move(trigger);
    return Run(request);
  }

  static Counts CountsOf(const v1::BacktestedRule& rule) {
    Counts counts;
    for (const v1::BacktestCount& row : rule.counts()) {
      counts[{Decision::Outcome_Name(row.outcome()), Decision::Reason_Name(row.reason())}] = row.count();
    }
    return counts;
  }
  Counts RealCounts(absl::string_view trigger) {
    v1::CountDecisionsRequest request;
    request.set_parent("tenants/-");
    request.set_trigger(absl::StrCat("tenants/-/triggers/", trigger));
    const auto response = triggers::CountDecisions(house_.decisions, house_.triggers, scope_, request);
    EXPECT_TRUE(response.ok()) << response.status();
    Counts counts;
    for (const v1::DecisionCount& row : response->counts()) {
      counts[{Decision::Outcome_Name(row.outcome()), Decision::Reason_Name(row.reason())}] = row.count();
    }
    return counts;
  }

  // Orders of some days, each call some hours later than the one before. One of a customer in a call, if there are as
  // many: where a trigger looks at history, several of one customer are decided in rounds, not by time alone.
  void PublishOrders(int calls, int a_call, int customers) {
    int n = 0;
    for (int call = 0; call < calls; ++call) {
      std::vector<v1::Event> orders;
      for (int i = 0; i < a_call; ++i, ++n) {
        const absl::Time time = db_.clock().Now() - absl::Minutes(2 * (a_call - i));
        orders.push_back(
            Order(absl::StrCat("o-", n), absl::StrCat("customer-", (call * 7 + i) % customers), time, (n * 37) % 100));
      }
      house_.MustPublish(scope_, orders);
      db_.clock().Advance(absl::Hours(5));
    }
  }

  mysql::testing::TestDatabase db_{{.max_connections = 16}};
  TenantScope scope_ = mysql::testing::MakeScope("acme", "Europe/Prague");
  OrchestrationHouse house_{db_.database(), db_.clock(), db_.random()};
  operations::OperationStore operations_{db_.database()};
  BacktestSources sources_{house_.sources, house_.contacts, house_.suppressions};
  operations::OperationRun run_;
};

TEST_F(BacktestTest, FindsWhatWasReallyDecided) {
  house_.SetPolicy(scope_, "daily_limit: 40 frequency_caps { interval { seconds: 43200 } scope: SCOPE_CONTACT }");
  house_.SetChannels(scope_, "email { from_address: 'ask@example.com' }");
  house_.MakeSegment(scope_, "vip", "contact.plan = premium");
  for (int i = 0; i < 25; ++i) {
    house_.MakeContact(
        scope_, absl::StrCat("customer-", i),
        Parse<v1::Contact>(absl::StrCat(
            "time_zone: '", i % 3 == 0 ? "America/New_York" : "Europe/Prague",
            "' attributes { fields { key: 'plan' value { string_value: '", i % 2 == 0 ? "premium" : "basic", "' } } } ",
            i % 4 == 0 ? "addresses { channel: CHANNEL_EMAIL value: 'someone@example.com' }" : "")));
  }
  MakeTrigger("caps", "frequency_caps { interval { seconds: 172800 } } condition { text: 'event.total > 20' }");
  MakeTrigger("first", "priority: 5 sample_rate: 0.3 daily_limit: 6", "csat");
  MakeTrigger("history", "condition { text: 'history.invitations < 4 AND NOT history.days_since_invitation < 1' }");
  MakeTrigger("late", "delay { seconds: 90000 } priority: -1 quiet_hours { start: '21:00' end: '07:00' }", "csat");
  MakeTrigger("mail", "channels: CHANNEL_EMAIL quiet_hours { start: '20:00' end: '09:00' action: ACTION_SKIP }");
  MakeTrigger("segment", "segment: 'tenants/-/segments/vip' frequency_caps { interval { seconds: 86400 } }");
  PublishOrders(30, 40, 45);
  std::set<std::string> reasons;
  for (const char* trigger : {"caps", "first", "history", "late", "mail", "segment"}) {
    const v1::BacktestResult result = RunSaved(trigger);
    EXPECT_EQ(CountsOf(result.candidate()), RealCounts(trigger)) << trigger;
    EXPECT_EQ(result.candidate().events(), 1200) << trigger;
    EXPECT_EQ(result.candidate().trigger(), absl::StrCat("tenants/acme/triggers/", trigger));
    EXPECT_FALSE(result.has_in_force());
    for (const auto& [decided, count] : CountsOf(result.candidate())) reasons.insert(decided.second);
  }
  EXPECT_THAT(reasons, ::testing::IsSupersetOf({"REASON_QUALIFIED", "REASON_CONDITION_FALSE", "REASON_FREQUENCY_CAP",
                                                "REASON_SAMPLED_OUT", "REASON_DAILY_LIMIT", "REASON_NOT_IN_SEGMENT",
                                                "REASON_NO_ADDRESS", "REASON_QUIET_HOURS"}))
      << "else this test proves little";
}

TEST_F(BacktestTest, WritesNothing) {
  MakeTrigger("mine", "");
  PublishOrders(2, 10, 5);
  const auto rows = [&] {
    return std::tuple(db_.Count("SELECT COUNT(*) FROM decisions"), db_.Count("SELECT COUNT(*) FROM invitations"),
                      db_.Count("SELECT COUNT(*) FROM outbox"), db_.Count("SELECT COUNT(*) FROM contact_clocks"),
                      db_.Count("SELECT SUM(total) FROM skip_counts"));
  };
  const auto before = rows();
  EXPECT_EQ(RunUnsaved(Trigger("")).candidate().invitations(), 20);
  EXPECT_EQ(rows(), before);
}

TEST_F(BacktestTest, StandsBesideTheOneInForce) {
  MakeTrigger("mine", "condition { text: 'event.total >= 50' }");
  PublishOrders(4, 25, 100);
  const v1::BacktestResult result = RunUnsaved(Trigger("condition { text: 'event.total < 60' }"), "mine");
  int low = 0;
  int high = 0;
  int both = 0;
  for (int n = 0; n < 100; ++n) {
    const int total = (n * 37) % 100;
    low += total < 60 ? 1 : 0;
    high += total >= 50 ? 1 : 0;
    both += total < 60 && total >= 50 ? 1 : 0;
  }
  EXPECT_EQ(result.candidate().invitations(), low);
  EXPECT_EQ(result.in_force().invitations(), high);
  EXPECT_EQ(result.newly_asked(), low - both);
  EXPECT_EQ(result.no_longer_asked(), high - both);
  EXPECT_EQ(result.in_force().trigger(), "tenants/acme/triggers/mine");
  EXPECT_EQ(result.time_zone(), "Europe/Prague");
  int64_t of_days = 0;
  for (const v1::BacktestDay& day : result.candidate().days()) of_days += day.asked();
  EXPECT_EQ(of_days, low);
  ASSERT_THAT(result.candidate().channels(), SizeIs(1));
  EXPECT_EQ(result.candidate().channels(0).channel(), v1::Invitation::CHANNEL_IN_APP);
  EXPECT_LE(result.candidate().customers(), low);
  EXPECT_GT(result.candidate().customers(), 0);
}

TEST_F(BacktestTest, APausedCandidateActsAndAPausedRuleInForceDoesNot) {
  MakeTrigger("mine", "");
  v1::PauseTriggerRequest pause;
  pause.set_name("tenants/-/triggers/mine");
  ASSERT_TRUE(triggers::PauseTrigger(house_.triggers, house_.trigger_catalog, db_.clock(), scope_, pause).ok());
  PublishOrders(1, 10, 10);
  EXPECT_EQ(RunSaved("mine").candidate().invitations(), 10);
  const v1::BacktestResult compared = RunSaved("mine", "mine");
  EXPECT_EQ(compared.in_force().invitations(), 0);
  EXPECT_EQ(compared.newly_asked(), 10);
}

TEST_F(BacktestTest, TakesTheFactsOfThenWhereTheyWereStoredAndThoseOfNowElse) {
  MakeTrigger("listener", "condition { text: 'event.total > 1000' }");
  const auto contact = [](const char* plan) {
    return Parse<v1::Contact>(
        absl::StrCat("attributes { fields { key: 'plan' value { string_value: '", plan, "' } } }"));
  };
  house_.MakeContact(scope_, "ada", contact("premium"));
  const absl::Time time = db_.clock().Now() - absl::Hours(1);
  v1::Event unheard = Order("o-2", "ada", time);
  unheard.set_type("order.returned");
  house_.MustPublish(scope_, {Order("o-1", "ada", time), unheard});
  house_.MakeContact(scope_, "ada", contact("basic"));
  v1::Trigger premium = Trigger("condition { text: 'contact.plan = premium' }");
  EXPECT_EQ(RunUnsaved(premium).candidate().invitations(), 1) << "as she was when it happened";
  premium.set_event_type("order.returned");
  EXPECT_EQ(RunUnsaved(premium).candidate().invitations(), 0) << "nobody looked at her then";
}

TEST_F(BacktestTest, TakesTheRangeAndOnlyItsType) {
  PublishOrders(3, 10, 10);  // within 15 hours
  v1::Event other = Order("x", "ada", db_.clock().Now());
  other.set_type("order.returned");
  house_.MustPublish(scope_, {other});
  EXPECT_EQ(RunUnsaved(Trigger("")).candidate().events(), 30);
  v1::BacktestTriggerRequest request;
  *request.mutable_trigger() = Trigger("");
  *request.mutable_start_time() = ToProto(mysql::testing::TestStart() + absl::Hours(4));
  *request.mutable_end_time() = ToProto(mysql::testing::TestStart() + absl::Hours(6));
  EXPECT_EQ(Run(request).candidate().events(), 10) << "the second call's";
}

TEST_F(BacktestTest, ReadsMoreEventsThanAChunkHoldsEvenOfOneMoment) {
  const absl::Time time = db_.clock().Now() - absl::Hours(1);
  for (int call = 0; call < 9; ++call) {
    std::vector<v1::Event> events;
    for (int i = 0; i < 1000; ++i) events.push_back(Order(absl::StrCat(call, "-", i), absl::StrCat("c-", i), time));
    house_.MustPublish(scope_, events);
  }
  const v1::BacktestResult result = RunUnsaved(Trigger("frequency_caps { interval { seconds: 60 } }"));
  EXPECT_EQ(result.candidate().events(), 9000);
  EXPECT_EQ(result.candidate().invitations(), 1000);
  EXPECT_EQ(result.candidate().customers(), 1000);
}

TEST_F(BacktestTest, ASurveyIsAsItIsNowButNeverPastItsCloseTime) {
  house_.MakeDraft(scope_, "draft");
  PublishOrders(1, 5, 5);
  EXPECT_EQ(CountsOf(RunUnsaved(Trigger("", "draft")).candidate()),
            (Counts{{{"OUTCOME_SKIPPED", "REASON_SURVEY_NOT_PUBLISHED"}, 5}}));
  const auto close = [&](v1::Survey& survey) {
    *survey.mutable_closing()->mutable_close_time() = ToProto(db_.clock().Now() - absl::Hours(24));
    return absl::OkStatus();
  };
  ASSERT_TRUE(house_.surveys.Change(scope_, SurveyId("nps"), db_.clock().Now(), close).ok());
  house_.survey_catalog.Forget(scope_, SurveyId("nps"));
  EXPECT_EQ(RunUnsaved(Trigger("")).candidate().invitations(), 5);
}

TEST_F(BacktestTest, RefusesWhatCreateTriggerRefuses) {
  v1::BacktestTriggerRequest request;
  *request.mutable_trigger() = Trigger("sample_rate: 2 condition { text: 'event.total >' }");
  const absl::Status status = Start(request).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  v1::CreateTriggerRequest create;
  create.set_parent("tenants/-");
  create.set_trigger_id("x");
  *create.mutable_trigger() = request.trigger();
  const absl::Status as_created = triggers::CreateTrigger(house_.triggers, house_.trigger_catalog,
                                                          house_.survey_catalog, db_.clock(), scope_, create)
                                      .status();
  EXPECT_EQ(ReasonOf(status), ReasonOf(as_created));
  ASSERT_EQ(ViolationsOf(status).size(), ViolationsOf(as_created).size());
  for (std::size_t i = 0; i < ViolationsOf(status).size(); ++i) {
    EXPECT_EQ(ViolationsOf(status)[i].field, ViolationsOf(as_created)[i].field);
  }
  *request.mutable_trigger() = Trigger("", "unknown");
  EXPECT_EQ(ReasonOf(Start(request).status()), v1::ERROR_REASON_SURVEY_NOT_FOUND);
  *request.mutable_trigger() = Trigger("segment: 'tenants/-/segments/unknown'");
  EXPECT_EQ(ReasonOf(Start(request).status()), v1::ERROR_REASON_SEGMENT_NOT_FOUND);
}

TEST_F(BacktestTest, RefusesRequestsThatSayNothingClear) {
  v1::BacktestTriggerRequest request;
  EXPECT_EQ(ReasonOf(Start(request).status()), v1::ERROR_REASON_INVALID_FIELD);
  request.set_name("tenants/-/triggers/unknown");
  EXPECT_EQ(ReasonOf(Start(request).status()), v1::ERROR_REASON_TRIGGER_NOT_FOUND);
  request.set_name("tenants/other/triggers/unknown");
  EXPECT_EQ(Start(request).status().code(), absl::StatusCode::kNotFound);
  *request.mutable_trigger() = Trigger("");
  request.set_compare_with("tenants/-/triggers/unknown");
  EXPECT_EQ(ReasonOf(Start(request).status()), v1::ERROR_REASON_TRIGGER_NOT_FOUND);
  request.clear_compare_with();
  *request.mutable_start_time() = ToProto(db_.clock().Now());
  ASSERT_THAT(ViolationsOf(Start(request).status()), SizeIs(1));
  EXPECT_EQ(ViolationsOf(Start(request).status())[0].field, "start_time");
  *request.mutable_start_time() = ToProto(db_.clock().Now() - absl::Hours(24 * 367));
  EXPECT_THAT(Start(request).status().message(), HasSubstr("366 days"));
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM operations"), 0);
}

TEST_F(BacktestTest, IsAnOperationOfItsTrigger) {
  MakeTrigger("mine", "");
  v1::BacktestTriggerRequest request;
  request.set_name("tenants/-/triggers/mine");
  const auto started = Start(request);
  ASSERT_TRUE(started.ok()) << started.status();
  EXPECT_EQ(started->state(), v1::Operation::STATE_RUNNING);
  EXPECT_EQ(started->method(), "BacktestTrigger");
  EXPECT_EQ(started->target(), "tenants/acme/triggers/mine");
}

}  // namespace
}  // namespace canvass::events
