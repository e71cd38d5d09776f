#include "server/responses/watching/response_feed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "server/base/proto_time.h"
#include "server/base/random.h"
#include "server/base/resource_name.h"
#include "server/distribution/testing/late_committer.h"
#include "server/mysql/testing/test_database.h"
#include "server/responses/response_store.h"
#include "server/responses/submission.h"

namespace canvass::responses {
namespace {

using distribution::FeedPace;
using distribution::testing::LateCommitter;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

// Responses are told apart by the languages in which they were answered.
class ResponseFeedTest : public ::testing::Test {
 protected:
  ResponseFeedTest() {
    auto version = std::make_shared<v1::SurveyVersion>();
    version->set_version(1);
    version_ = version;
  }

  std::shared_ptr<Submission> Make(const TenantScope& scope, const std::string& language,
                                   const std::string& survey = "nps", int score = 9) {
    auto item = std::make_shared<Submission>(scope);
    item->id = Uuid::V7(db_.clock().Now(), random_);
    item->single_use_key = item->id.bytes();
    item->content_digest = std::string(16, 'd');
    item->survey = SurveyId(survey);
    item->version = version_;
    item->create_time = db_.clock().Now();
    item->content = Content(language, score);
    return item;
  }
  v1::Response Content(const std::string& language, int score) {
    v1::Response content;
    content.set_language(language);
    v1::Answer& answer = *content.add_answers();
    answer.set_question("recommend");
    answer.set_score(score);
    *content.mutable_answer_time() = ToProto(db_.clock().Now());
    return content;
  }

  void Insert(const std::vector<std::shared_ptr<Submission>>& items) {
    std::vector<const Submission*> pointers;
    for (const auto& item : items) pointers.push_back(item.get());
    const absl::Status status =
        db_.database().Write(items.at(0)->scope, [&](mysql::Transaction& tx) { return store_.Insert(tx, pointers); });
    ASSERT_TRUE(status.ok()) << status;
  }
  Uuid Insert(const std::string& language, const std::string& survey = "nps", int score = 9) {
    const auto item = Make(scope_, language, survey, score);
    Insert({item});
    return item->id;
  }
  LateCommitter InsertLate(const std::string& language) {
    return LateCommitter(db_.database(), scope_, [this, item = Make(scope_, language)](mysql::Transaction& tx) {
      return store_.Insert(tx, {item.get()});
    });
  }

  void Execute(const std::string& sql, const mysql::Params& params) {
    const auto changed = db_.Connect()->Execute(sql, params.values());
    ASSERT_TRUE(changed.ok()) << changed.status();
    ASSERT_GT(*changed, 0);
  }
  void Correct(const Uuid& id, const std::string& language, int score) {
    Execute("UPDATE responses SET payload = ? WHERE tenant_id = 'acme' AND response_id = ?",
            mysql::Params().Add(Content(language, score).SerializeAsString()).Add(id));
  }
  void Erase(const Uuid& id) {
    Execute(
        "UPDATE responses SET payload = '', contact_id = '', erase_time = ? WHERE tenant_id = 'acme' AND response_id = "
        "?",
        mysql::Params().Add(db_.clock().Now()).Add(id));
  }
  // Makes all look as if they had been written at one moment, an hour ago.
  void Age() {
    Execute("UPDATE responses SET change_time = DATE_SUB(NOW(6), INTERVAL 1 HOUR) WHERE tenant_id = 'acme'", {});
  }

  ResponseFeed Open(const std::optional<ResponsePosition>& start, ResponseSelection selection = {},
                    const FeedPace& pace = {}) {
    auto feed = ResponseFeed::Open(ResponseChanges(changes_, scope_, std::move(selection)), start, pace);
    EXPECT_TRUE(feed.ok()) << feed.status();
    return *std::move(feed);
  }
  static ResponseSelection Passing(const std::string& filter) {
    const auto parsed = ResponseFilter::Parse("filter", filter);
    EXPECT_TRUE(parsed.ok()) << parsed.status();
    return {.filter = *parsed};
  }
  static ResponsePosition TheBeginning() { return {.change_time = absl::UnixEpoch()}; }
  static std::vector<FedResponse> Poll(ResponseFeed& feed) {
    auto fed = feed.Poll();
    EXPECT_TRUE(fed.ok()) << fed.status();
    return *std::move(fed);
  }
  static std::vector<std::string> Languages(const std::vector<FedResponse>& fed) {
    std::vector<std::string> languages;
    for (const FedResponse& one : fed) languages.push_back(one.item.response().language());
    return languages;
  }
  static std::vector<std::string> Given(ResponseFeed& feed) { return Languages(Poll(feed)); }

  mysql::testing::TestDatabase db_;
  // Ids that no test before had: a deleted row of the same key would be locked by the one that looks for duplicates.
  SecureRandom random_;
  TenantScope scope_ = mysql::testing::MakeScope("acme");
  TenantScope other_ = mysql::testing::MakeScope("other");
  ResponseStore store_{db_.database()};
  ResponseChangeStore changes_{db_.database()};
  std::shared_ptr<const v1::SurveyVersion> version_;
};

TEST_F(ResponseFeedTest, GivesWhatIsStoredAndAgainWhatIsCorrected) {
  const Uuid french = Insert("fr");
  ResponseFeed feed = Open(TheBeginning());
  const std::vector<FedResponse> first = Poll(feed);
  ASSERT_THAT(Languages(first), ElementsAre("fr"));
  EXPECT_EQ(first[0].item.response().name(), ResourceName(scope_.tenant(), {"responses", french.ToString()}));
  EXPECT_EQ(first[0].item.response().survey(), "tenants/acme/surveys/nps");
  EXPECT_FALSE(first[0].item.erased());
  EXPECT_THAT(Given(feed), IsEmpty());
  Insert("cs");
  EXPECT_THAT(Given(feed), ElementsAre("cs"));
  Correct(french, "fr", 3);
  const std::vector<FedResponse> corrected = Poll(feed);
  ASSERT_THAT(Languages(corrected), ElementsAre("fr"));
  EXPECT_EQ(corrected[0].item.response().answers(0).score(), 3);
  EXPECT_THAT(Given(feed), IsEmpty());
}

TEST_F(ResponseFeedTest, TellsTheNameAloneOfWhatIsErased) {
  const Uuid french = Insert("fr");
  ResponseFeed feed = Open(std::nullopt, Passing("response.language = fr"));
  ResponseFeed of_another = Open(std::nullopt, {.survey = SurveyId("csat")});
  EXPECT_THAT(Given(feed), IsEmpty());
  Erase(french);
  const std::vector<FedResponse> fed = Poll(feed);
  ASSERT_EQ(fed.size(), 1u);
  EXPECT_TRUE(fed[0].item.erased());
  v1::Response bare;
  bare.set_name(ResourceName(scope_.tenant(), {"responses", french.ToString()}));
  EXPECT_EQ(fed[0].item.response().SerializeAsString(), bare.SerializeAsString());
  EXPECT_THAT(Poll(of_another), IsEmpty());
}

TEST_F(ResponseFeedTest, StartsWithWhatIsCommittedFromNowOn) {
  Insert("before");
  LateCommitter late = InsertLate("late");
  ResponseFeed feed = Open(std::nullopt);
  EXPECT_THAT(Given(feed), IsEmpty());
  late.Commit();
  Insert("after");
  EXPECT_THAT(Given(feed), UnorderedElementsAre("late", "after"));
}

TEST_F(ResponseFeedTest, GivesWhatIsCommittedAfterLaterOnes) {
  ResponseFeed feed = Open(std::nullopt);
  LateCommitter late = InsertLate("late");
  Insert("early");
  EXPECT_THAT(Given(feed), ElementsAre("early"));
  late.Commit();
  EXPECT_THAT(Given(feed), ElementsAre("late"));
  EXPECT_THAT(Given(feed), IsEmpty());
}

TEST_F(ResponseFeedTest, ResumesWithoutLosingWhatIsCommittedLate) {
  std::optional<ResponsePosition> resume;
  LateCommitter late = InsertLate("late");
  {
    ResponseFeed feed = Open(TheBeginning());
    Insert("early");
    const std::vector<FedResponse> fed = Poll(feed);
    ASSERT_THAT(Languages(fed), ElementsAre("early"));
    resume = fed[0].resume;
  }
  late.Commit();
  ResponseFeed again = Open(resume);
  EXPECT_THAT(Given(again), UnorderedElementsAre("late", "early"));
}

TEST_F(ResponseFeedTest, WhatIsSettledIsGivenOnceOverResumptions) {
  std::vector<std::shared_ptr<Submission>> items;
  for (int i = 0; i < 1000; ++i) items.push_back(Make(scope_, absl::StrCat("x-", i)));
  Insert(items);
  Age();
  std::set<std::string> all;
  ResponsePosition position = TheBeginning();
  // Each time the client handles 100 and goes away.
  for (int round = 0; round < 10; ++round) {
    ResponseFeed feed = Open(position);
    const std::vector<FedResponse> fed = Poll(feed);
    ASSERT_GE(fed.size(), 100u);
    for (std::size_t i = 0; i < 100; ++i) all.insert(fed[i].item.response().language());
    position = fed[99].resume;
  }
  EXPECT_EQ(all.size(), items.size());
  ResponseFeed feed = Open(position);
  EXPECT_THAT(Given(feed), IsEmpty());
}

TEST_F(ResponseFeedTest, GivesWhatTheSelectionTakesAsItIsThen) {
  const Uuid happy = Insert("happy", "nps", 10);
  Insert("sad", "nps", 2);
  Insert("elsewhere", "csat", 2);
  Insert({Make(other_, "theirs", "nps", 2)});
  ResponseSelection selection = Passing("answer.recommend <= 6");
  selection.survey = SurveyId("nps");
  ResponseFeed feed = Open(TheBeginning(), selection);
  EXPECT_THAT(Given(feed), ElementsAre("sad"));
  Correct(happy, "happy", 1);
  EXPECT_THAT(Given(feed), ElementsAre("happy"));
}

TEST_F(ResponseFeedTest, NeverGivesAnotherTenantsEvenUnderTheSameId) {
  const auto theirs = Make(other_, "theirs");
  const auto ours = Make(scope_, "ours");
  ours->id = theirs->id;
  Insert({theirs});
  Insert({ours});
  ResponseFeed feed = Open(TheBeginning());
  EXPECT_THAT(Given(feed), ElementsAre("ours"));
}

}  // namespace
}  // namespace canvass::responses
