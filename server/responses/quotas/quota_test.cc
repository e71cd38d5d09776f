// How many responses a survey takes: by its quotas, and in all. Exact, however many come at once and whatever happens
// to the transaction.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/resource_name.h"
#include "server/base/testing/parse.h"
#include "server/conditions/condition.h"
#include "server/mysql/pool.h"
#include "server/mysql/testing/cutting_proxy.h"
#include "server/mysql/testing/test_database.h"
#include "server/responses/submit_response.h"
#include "server/responses/testing/intake_house.h"

namespace canvass::responses {
namespace {

using canvass::testing::Parse;
using mysql::testing::CuttingProxy;
using mysql::testing::MakeScope;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::IntakeHouse;
using ::testing::IsEmpty;
using testing::SubmitAllAndWait;
using testing::SubmitAndWait;
using Result = absl::StatusOr<v1::SubmitResponseResponse>;
using Cut = CuttingProxy::Cut;

v1::Quota Quota(const std::string& key, int64_t limit, const std::string& when) {
  v1::Quota quota;
  quota.set_key(key);
  quota.set_limit(limit);
  if (when.empty()) return quota;
  quota.mutable_when()->set_text(when);
  EXPECT_TRUE(conditions::NormalizeCondition("when", {"answer", "contact", "event"}, *quota.mutable_when()).ok());
  return quota;
}

v1::SurveyDefinition Definition(const std::vector<v1::Quota>& quotas) {
  auto definition = Parse<v1::SurveyDefinition>(R"pb(
    default_language: "en"
    questions {
      key: "recommend"
      text { key: "en" value: "Would you?" }
      nps {}
    }
  )pb");
  for (const v1::Quota& quota : quotas) *definition.add_quotas() = quota;
  return definition;
}

// Happy are 9 and 10.
v1::Quota Happy(int64_t limit) { return Quota("happy", limit, "answer.recommend >= 9"); }

class QuotaTest : public ::testing::Test {
 protected:
  v1::SubmitResponseRequest Request(int score, const std::string& request_id = "") const {
    v1::SubmitResponseRequest request;
    request.set_parent(ResourceName(scope_.tenant()));
    request.set_request_id(request_id);
    request.mutable_response()->set_survey(ResourceName(scope_.tenant(), {"surveys", survey_.value()}));
    v1::Answer& answer = *request.mutable_response()->add_answers();
    answer.set_question("recommend");
    answer.set_score(score);
    return request;
  }
  v1::SubmitResponseRequest WithToken(const std::string& token, int score) const {
    v1::SubmitResponseRequest request = Request(score);
    request.mutable_response()->clear_survey();
    request.set_invitation_token(token);
    return request;
  }
  Result Submit(const v1::SubmitResponseRequest& request) { return SubmitAndWait(*intake_, scope_, request); }
  v1::ErrorReason ReasonFor(const v1::SubmitResponseRequest& request) { return ReasonOf(Submit(request).status()); }

  void Start(const std::vector<v1::Quota>& quotas) {
    house_.Publish(scope_, survey_, Definition(quotas));
    intake_ = house_.MakeIntake();
  }
  void SetMaximum(int64_t max_responses) {
    v1::Closing closing;
    closing.set_max_responses(max_responses);
    house_.SetClosing(scope_, survey_, closing);
  }

  int64_t Stored() const { return db_.Count("SELECT COUNT(*) FROM responses"); }
  int64_t Counted(const std::string& key) const {
    return db_.Count(
        absl::StrCat("SELECT COALESCE(SUM(total), -1) FROM survey_counters WHERE counter_key = '", key, "'"));
  }
  std::vector<std::string> Full(int64_t max_responses = 0) {
    const auto version =
        house_.catalog.Version(scope_, survey_, house_.catalog.Status(scope_, survey_)->published_version);
    const auto full = house_.quotas.FullQuotas(scope_, survey_, (*version)->definition(), max_responses);
    EXPECT_TRUE(full.ok()) << full.status();
    return full.value_or(std::vector<std::string>());
  }

  SystemClock clock_;
  mysql::testing::TestDatabase db_{{.clock = &clock_}};
  IntakeHouse house_{db_.database(), clock_, db_.random()};
  TenantScope scope_ = MakeScope();
  SurveyId survey_{"nps"};
  std::unique_ptr<ResponseIntake> intake_;
};

TEST_F(QuotaTest, TakesSoManyAndNoMore) {
  Start({Happy(2)});
  EXPECT_THAT(Full(), IsEmpty());
  EXPECT_TRUE(Submit(Request(9)).ok());
  EXPECT_TRUE(Submit(Request(10)).ok());
  const Result refused = Submit(Request(9));
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ReasonOf(refused.status()), v1::ERROR_REASON_QUOTA_FULL);
  EXPECT_THAT(std::string(refused.status().message()), HasSubstr("quota 'happy' of survey 'nps', which has the 2"));
  // Others still count nowhere.
  EXPECT_TRUE(Submit(Request(3)).ok());
  EXPECT_EQ(Stored(), 3);
  EXPECT_EQ(Counted("happy"), 2);
  EXPECT_THAT(Full(), ElementsAre("happy"));
  EXPECT_EQ(house_.Recount(scope_, survey_).responses, 3);
}

TEST_F(QuotaTest, AFullQuotaKeepsTheOthersAsTheyAre) {
  Start({Happy(1), Quota("all", 3, "")});
  EXPECT_TRUE(Submit(Request(9)).ok());
  EXPECT_EQ(ReasonFor(Request(9)), v1::ERROR_REASON_QUOTA_FULL);
  EXPECT_EQ(Counted("all"), 1);
  EXPECT_TRUE(Submit(Request(1)).ok());
  EXPECT_TRUE(Submit(Request(2)).ok());
  EXPECT_EQ(ReasonFor(Request(3)), v1::ERROR_REASON_QUOTA_FULL);
  EXPECT_THAT(Full(), ElementsAre("happy", "all"));
}

TEST_F(QuotaTest, AFullItemNeverFailsItsNeighbours) {
  Start({Happy(3)});
  house_.Publish(scope_, SurveyId("other"), Definition({Happy(100)}));
  house_.Publish(scope_, SurveyId("free"), Definition({}));
  intake_ = house_.MakeIntake({.writers = 1, .hold_time = absl::Milliseconds(200)});
  std::vector<v1::SubmitResponseRequest> requests;
  for (int i = 0; i < 60; ++i) {
    requests.push_back(Request(9));
    const char* const survey = i % 3 == 0 ? "nps" : i % 3 == 1 ? "other" : "free";
    requests.back().mutable_response()->set_survey(ResourceName(scope_.tenant(), {"surveys", survey}));
  }
  int taken = 0;
  int full = 0;
  for (const Result& result : SubmitAllAndWait(*intake_, scope_, requests)) {
    taken += result.ok() ? 1 : 0;
    full += ReasonOf(result.status()) == v1::ERROR_REASON_QUOTA_FULL ? 1 : 0;
  }
  EXPECT_EQ(taken, 43);
  EXPECT_EQ(full, 17);
  EXPECT_EQ(Stored(), 43);
  EXPECT_EQ(Counted("happy"), 23);  // of both surveys
}

TEST_F(QuotaTest, ARepeatedCallHearsOfTheFirstAndIsCountedOnce) {
  Start({Happy(2)});
  const Result first = Submit(Request(9, "one"));
  ASSERT_TRUE(first.ok()) << first.status();
  ASSERT_TRUE(Submit(Request(9, "one")).ok());
  EXPECT_EQ(Counted("happy"), 1);
  ASSERT_TRUE(Submit(Request(9, "two")).ok());
  EXPECT_EQ(ReasonFor(Request(9, "three")), v1::ERROR_REASON_QUOTA_FULL);
  const Result again = Submit(Request(9, "one"));
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(again->repeated_call());
  EXPECT_EQ(again->name(), first->name());
  EXPECT_EQ(ReasonFor(Request(10, "one")), v1::ERROR_REASON_REQUEST_ID_REUSED);
  EXPECT_EQ(Counted("happy"), 2);
}

TEST_F(QuotaTest, InvitationsCountByTheirOwnFacts) {
  Start({Quota("paris", 1, "event.city = \"Paris\"")});
  IntakeHouse::Invitee invitee;
  *invitee.content.mutable_facts() = Parse<google::protobuf::Struct>(
      "fields { key: 'event' value { struct_value { fields { key: 'city' value { string_value: 'Paris' } } } } }");
  const auto first = house_.Invite(scope_, survey_, invitee);
  const auto second = house_.Invite(scope_, survey_, invitee);
  const auto elsewhere = house_.Invite(scope_, survey_);
  EXPECT_TRUE(Submit(WithToken(first.token, 9)).ok());
  EXPECT_EQ(ReasonFor(WithToken(second.token, 9)), v1::ERROR_REASON_QUOTA_FULL);
  EXPECT_TRUE(Submit(WithToken(elsewhere.token, 9)).ok());
  const Result again = Submit(WithToken(first.token, 9));
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(again->repeated_call());
  // Who was refused has not answered.
  EXPECT_NE(house_.invitations.Get(scope_, second.id)->invitation.state(), v1::Invitation::STATE_ANSWERED);
  EXPECT_EQ(Counted("paris"), 1);
  EXPECT_TRUE(house_.Recount(scope_, survey_).equal());
}

TEST_F(QuotaTest, CountsRunOnFromVersionToVersion) {
  Start({Happy(2)});
  EXPECT_TRUE(Submit(Request(9)).ok());
  house_.Publish(scope_, survey_, Definition({Quota("sad", 1, "answer.recommend <= 6")}));
  EXPECT_TRUE(Submit(Request(9)).ok());  // counts nowhere now
  house_.Publish(scope_, survey_, Definition({Happy(3)}));
  EXPECT_TRUE(Submit(Request(9)).ok());
  EXPECT_TRUE(Submit(Request(9)).ok());
  EXPECT_EQ(ReasonFor(Request(9)), v1::ERROR_REASON_QUOTA_FULL);
  EXPECT_EQ(Counted("happy"), 3);
}

TEST_F(QuotaTest, TenantsAndSurveysCountApart) {
  const TenantScope other = MakeScope("other");
  Start({Happy(1)});
  house_.Publish(other, survey_, Definition({Happy(1)}));
  EXPECT_TRUE(Submit(Request(9)).ok());
  v1::SubmitResponseRequest request = Request(9);
  request.set_parent("tenants/other");
  request.mutable_response()->set_survey("tenants/other/surveys/nps");
  EXPECT_TRUE(SubmitAndWait(*intake_, other, request).ok());
  EXPECT_EQ(ReasonOf(SubmitAndWait(*intake_, other, request).status()), v1::ERROR_REASON_QUOTA_FULL);
}

// Sixteen threads of two servers.
TEST_F(QuotaTest, ARaceForFiftyEndsWithFifty) {
  Start({Happy(50)});
  IntakeHouse second_house(db_.database(), clock_, db_.random());
  auto second = second_house.MakeIntake({.writers = 2, .first_slot = 2, .max_batch = 7});
  intake_ = house_.MakeIntake({.writers = 2, .max_batch = 5});
  std::vector<int> taken(16);
  std::vector<int> full(16);
  std::vector<std::thread> threads;
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&, i] {
      for (int k = 0; k < 20; ++k) {
        const Result result = SubmitAndWait(i % 2 == 0 ? *intake_ : *second, scope_,
                                            Request(k % 4 == 3 ? 2 : 9, absl::StrCat(i, "-", k)));
        if (k % 4 == 3) {
          EXPECT_TRUE(result.ok()) << result.status();
        } else if (result.ok()) {
          ++taken[i];
        } else {
          EXPECT_EQ(ReasonOf(result.status()), v1::ERROR_REASON_QUOTA_FULL) << result.status();
          ++full[i];
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(std::accumulate(taken.begin(), taken.end(), 0), 50);
  EXPECT_EQ(std::accumulate(full.begin(), full.end(), 0), 16 * 15 - 50);
  EXPECT_EQ(Stored(), 50 + 16 * 5);
  EXPECT_EQ(Counted("happy"), 50);
  EXPECT_TRUE(house_.Recount(scope_, survey_).equal());
}

TEST_F(QuotaTest, TheMaximumIsExactInARace) {
  Start({});
  SetMaximum(50);
  IntakeHouse second_house(db_.database(), clock_, db_.random());
  auto second = second_house.MakeIntake({.writers = 2, .first_slot = 2, .max_batch = 7});
  intake_ = house_.MakeIntake({.writers = 2, .max_batch = 5});
  std::vector<int> taken(16);
  std::vector<std::thread> threads;
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&, i] {
      for (int k = 0; k < 10; ++k) {
        const Result result = SubmitAndWait(i % 2 == 0 ? *intake_ : *second, scope_, Request(k));
        if (result.ok()) {
          ++taken[i];
        } else {
          EXPECT_EQ(ReasonOf(result.status()), v1::ERROR_REASON_SURVEY_CLOSED) << result.status();
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(std::accumulate(taken.begin(), taken.end(), 0), 50);
  EXPECT_EQ(Stored(), 50);
  EXPECT_EQ(Counted("@responses"), 50);
  EXPECT_THAT(Full(50), ElementsAre("@responses"));
  EXPECT_THAT(Full(51), IsEmpty());
}

TEST_F(QuotaTest, TheMaximumCountsWhatIsThereAlready) {
  Start({});
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(Submit(Request(i)).ok());
  EXPECT_EQ(Counted("@responses"), -1);
  EXPECT_THAT(Full(3), ElementsAre("@responses"));
  EXPECT_THAT(Full(4), IsEmpty());
  SetMaximum(4);
  const auto invited = house_.Invite(scope_, survey_);
  EXPECT_TRUE(Submit(WithToken(invited.token, 9)).ok());
  const Result refused = Submit(Request(9));
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ReasonOf(refused.status()), v1::ERROR_REASON_SURVEY_CLOSED);
  EXPECT_THAT(std::string(refused.status().message()), HasSubstr("survey 'nps' has the 4 responses"));
  EXPECT_EQ(ReasonFor(WithToken(house_.Invite(scope_, survey_).token, 9)), v1::ERROR_REASON_SURVEY_CLOSED);
  EXPECT_TRUE(Submit(WithToken(invited.token, 9))->repeated_call());
  // Nobody counts while there is no maximum; the next one finds what came meanwhile.
  SetMaximum(0);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(Submit(Request(i)).ok());
  EXPECT_THAT(Full(7), ElementsAre("@responses"));
  EXPECT_THAT(Full(8), IsEmpty());
  SetMaximum(8);
  EXPECT_TRUE(Submit(Request(9)).ok());
  EXPECT_EQ(ReasonFor(Request(9)), v1::ERROR_REASON_SURVEY_CLOSED);
  EXPECT_EQ(Stored(), 8);
  EXPECT_EQ(Counted("@responses"), 8);
}

TEST_F(QuotaTest, WhatCountsNowhereTouchesNoCounter) {
  Start({Happy(5)});
  EXPECT_TRUE(Submit(Request(3)).ok());  // counts in no quota
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM survey_counters"), 0);
}

// The writers work through a proxy that cuts a COMMIT.
class QuotaCommitTest : public QuotaTest, public ::testing::WithParamInterface<Cut> {
 protected:
  mysql::PoolOptions ThroughProxy() {
    mysql::PoolOptions options{.connect = db_.connect_options()};
    options.connect.socket = proxy_.socket();
    options.connect.lock_wait_timeout = absl::Seconds(1);
    return options;
  }

  CuttingProxy proxy_{db_.connect_options().socket};
  mysql::Database proxied_{std::make_unique<mysql::Pool>(ThroughProxy(), clock_), clock_};
  IntakeHouse proxied_house_{proxied_, clock_, db_.random()};
};

TEST_P(QuotaCommitTest, AnUnansweredCommitCountsOnce) {
  house_.Publish(scope_, survey_, Definition({Happy(20)}));
  SetMaximum(25);
  intake_ = proxied_house_.MakeIntake({.writers = 1, .hold_time = absl::Milliseconds(100)});
  ASSERT_TRUE(Submit(Request(1)).ok());
  std::vector<v1::SubmitResponseRequest> requests;
  for (int i = 0; i < 20; ++i) requests.push_back(Request(9, i % 2 == 0 ? absl::StrCat("id-", i) : ""));
  proxy_.CutNextCommit(GetParam());
  for (const Result& result : SubmitAllAndWait(*intake_, scope_, requests)) {
    EXPECT_TRUE(result.ok()) << result.status();
  }
  EXPECT_EQ(proxy_.cuts(), 1);
  EXPECT_EQ(Stored(), 21);
  EXPECT_EQ(Counted("happy"), 20);
  EXPECT_EQ(Counted("@responses"), 21);
  EXPECT_EQ(ReasonFor(Request(9)), v1::ERROR_REASON_QUOTA_FULL);
  EXPECT_TRUE(house_.Recount(scope_, survey_).equal());
}

INSTANTIATE_TEST_SUITE_P(Cuts, QuotaCommitTest, ::testing::Values(Cut::kRequest, Cut::kAnswer, Cut::kLate),
                         [](const auto& info) {
                           return info.param == Cut::kRequest  ? "Request"
                                  : info.param == Cut::kAnswer ? "Answer"
                                                               : "Late";
                         });

}  // namespace
}  // namespace canvass::responses
