#include "server/responses/watching/watch_responses.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "server/base/error.h"
#include "server/base/testing/parse.h"
#include "server/mysql/testing/test_database.h"
#include "server/responses/testing/intake_house.h"

namespace canvass::responses {
namespace {

using canvass::testing::Parse;
using ::testing::SizeIs;
using Pushes = std::vector<v1::WatchResponsesResponse>;

constexpr char kSurvey[] = R"pb(
  default_language: "en"
  questions {
    key: "recommend"
    text { key: "en" value: "?" }
    nps {}
  })pb";

class WatchResponsesTest : public ::testing::Test {
 protected:
  WatchResponsesTest() {
    house_.Publish(scope_, SurveyId("nps"), Parse<v1::SurveyDefinition>(kSurvey));
    intake_ = house_.MakeIntake();
  }

  std::string Submit(int score) {
    auto request = Parse<v1::SubmitResponseRequest>(R"pb(
      parent: "tenants/-"
      response {
        survey: "tenants/-/surveys/nps"
        answers { question: "recommend" }
      })pb");
    request.mutable_response()->mutable_answers(0)->set_score(score);
    const auto result = testing::SubmitAndWait(*intake_, scope_, request);
    EXPECT_TRUE(result.ok()) << result.status();
    return result.ok() ? result->name() : "";
  }

  absl::StatusOr<std::unique_ptr<ResponseWatch::Source>> Watch(const std::string& text) {
    return WatchResponses(watch_, house_.catalog, scope_,
                          Parse<v1::WatchResponsesRequest>("parent: 'tenants/-' " + text));
  }
  std::unique_ptr<ResponseWatch::Source> MustWatch(const std::string& text) {
    auto source = Watch(text);
    EXPECT_TRUE(source.ok()) << source.status();
    return *std::move(source);
  }
  v1::ErrorReason ReasonOf(const std::string& text) { return canvass::ReasonOf(Watch(text).status()); }

  // What comes next; it must come within ten seconds.
  static Pushes Next(ResponseWatch::Source& source) {
    struct State {
      absl::Mutex mutex;
      std::optional<absl::StatusOr<Pushes>> pushes;
    };
    const auto state = std::make_shared<State>();
    source.Next([state](absl::StatusOr<Pushes> pushes) {
      absl::MutexLock lock(&state->mutex);
      state->pushes = std::move(pushes);
    });
    absl::MutexLock lock(&state->mutex);
    const auto came = [&state] { return state->pushes.has_value(); };
    const bool in_time = state->mutex.AwaitWithTimeout(absl::Condition(&came), absl::Seconds(10));
    EXPECT_TRUE(in_time && state->pushes->ok());
    return in_time && state->pushes->ok() ? **std::move(state->pushes) : Pushes();
  }

  SystemClock clock_;
  mysql::testing::TestDatabase db_{{.clock = &clock_}};
  TenantScope scope_ = mysql::testing::MakeScope("acme");
  testing::IntakeHouse house_{db_.database(), clock_, db_.random()};
  std::unique_ptr<ResponseIntake> intake_;
  ResponseWatch watch_{db_.database(), clock_};
};

TEST_F(WatchResponsesTest, ResponsesComeAndGoOnBehindAToken) {
  const auto source = MustWatch("filter: 'answer.recommend <= 6'");
  Submit(9);
  const std::string first = Submit(3);
  const Pushes pushes = Next(*source);
  ASSERT_THAT(pushes, SizeIs(1));
  EXPECT_EQ(pushes[0].response().name(), first);
  EXPECT_EQ(pushes[0].response().answers(0).score(), 3);
  const std::string second = Submit(1);
  EXPECT_EQ(Next(*source).at(0).response().name(), second);
  const auto again = MustWatch("filter: 'answer.recommend = 1' resume_token: '" + pushes[0].resume_token() + "'");
  EXPECT_EQ(Next(*again).at(0).response().name(), second);
  const auto past = MustWatch("start_time { seconds: 0 } survey: 'tenants/-/surveys/nps'");
  EXPECT_THAT(Next(*past), SizeIs(3));
}

TEST_F(WatchResponsesTest, BadRequestsAreRefused) {
  EXPECT_EQ(ReasonOf("resume_token: 'nonsense'"), v1::ERROR_REASON_INVALID_PAGE_TOKEN);
  EXPECT_EQ(ReasonOf("start_time { seconds: 0 } resume_token: 'x'"), v1::ERROR_REASON_INVALID_FIELD);
  EXPECT_EQ(ReasonOf("start_time { seconds: -900000000000 }"), v1::ERROR_REASON_INVALID_FIELD);
  EXPECT_EQ(ReasonOf("survey: 'nps'"), v1::ERROR_REASON_INVALID_RESOURCE_NAME);
  const absl::Status filter = Watch("filter: 'answer.recommend <='").status();
  EXPECT_EQ(canvass::ReasonOf(filter), v1::ERROR_REASON_INVALID_CONDITION);
  ASSERT_THAT(ViolationsOf(filter), SizeIs(1));
  EXPECT_EQ(ViolationsOf(filter)[0].field, "filter");
  EXPECT_TRUE(absl::IsNotFound(Watch("survey: 'tenants/other/surveys/nps'").status()));
  EXPECT_EQ(ReasonOf("survey: 'tenants/-/surveys/nsp'"), v1::ERROR_REASON_SURVEY_NOT_FOUND);
  v1::WatchResponsesRequest request;
  request.set_parent("tenants/other");
  EXPECT_TRUE(absl::IsNotFound(WatchResponses(watch_, house_.catalog, scope_, request).status()));
}

TEST_F(WatchResponsesTest, ATenantHasSoManyStreams) {
  std::vector<std::unique_ptr<ResponseWatch::Source>> sources;
  for (int i = 0; i < ResponseWatch::kMaxPerTenant; ++i) sources.push_back(MustWatch(""));
  EXPECT_TRUE(absl::IsResourceExhausted(Watch("").status()));
  sources.pop_back();
  EXPECT_TRUE(Watch("").ok());
}

}  // namespace
}  // namespace canvass::responses
