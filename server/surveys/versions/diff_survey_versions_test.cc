// DiffSurveyVersions on a real database.

#include "server/surveys/versions/diff_survey_versions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "server/base/error.h"
#include "server/mysql/testing/test_database.h"
#include "server/surveys/testing/definitions.h"

namespace canvass::surveys {
namespace {

class DiffSurveyVersionsTest : public ::testing::Test {
 protected:
  void Create(const std::string& id, const std::string& questions) {
    v1::Survey content;
    *content.mutable_definition() = testing::Define(questions);
    ASSERT_TRUE(store_.Create(scope_, SurveyId(id), content, db_.clock().Now()).ok());
  }
  void Edit(const std::string& id, const std::string& questions) {
    ASSERT_TRUE(store_
                    .Change(scope_, SurveyId(id), db_.clock().Now(),
                            [&](v1::Survey& survey) {
                              *survey.mutable_definition() = testing::Define(questions);
                              return absl::OkStatus();
                            })
                    .ok());
  }
  void Publish(const std::string& id) { ASSERT_TRUE(store_.Publish(scope_, SurveyId(id), "", db_.clock().Now()).ok()); }
  absl::StatusOr<v1::DiffSurveyVersionsResponse> Diff(const std::string& base, const std::string& target) {
    v1::DiffSurveyVersionsRequest request;
    request.set_base(base);
    request.set_target(target);
    return DiffSurveyVersions(store_, scope_, request);
  }

  mysql::testing::TestDatabase db_;
  SurveyStore store_{db_.database()};
  TenantScope scope_ = mysql::testing::MakeScope("acme");
};

const char kFive[] =
    "questions { key: 'overall' text { key: 'en' value: 'How was it?' } text { key: 'cs' value: 'Jaké to bylo?' } "
    "csat {} }";
const char kSeven[] =
    "questions { key: 'overall' text { key: 'en' value: 'How was it?' } text { key: 'cs' value: 'Jaké to bylo?' } "
    "csat { points: 7 } }";
const char kReworded[] =
    "questions { key: 'overall' text { key: 'en' value: 'How was it?' } text { key: 'cs' value: 'Jak se to líbilo?' } "
    "csat { points: 7 } }";

TEST_F(DiffSurveyVersionsTest, ComparesVersionsAndTheDraft) {
  Create("s", kFive);
  Publish("s");
  Edit("s", kSeven);
  Publish("s");
  Edit("s", kReworded);
  auto diff = Diff("tenants/acme/surveys/s/versions/1", "tenants/acme/surveys/s/versions/2");
  ASSERT_TRUE(diff.ok()) << diff.status();
  ASSERT_EQ(diff->changes_size(), 1);
  EXPECT_EQ(diff->changes(0).path(), "questions[overall].csat.points");
  EXPECT_EQ(diff->changes(0).before(), "5") << "the default that was not written";
  EXPECT_EQ(diff->changes(0).after(), "7");
  ASSERT_EQ(diff->series_size(), 1);
  EXPECT_EQ(diff->series(0).outcome(), v1::SeriesComparison::OUTCOME_NEW_SERIES);

  diff = Diff("tenants/acme/surveys/s/versions/2", "tenants/acme/surveys/s");
  ASSERT_TRUE(diff.ok()) << diff.status();
  ASSERT_EQ(diff->changes_size(), 1);
  EXPECT_EQ(diff->changes(0).path(), "questions[overall].text[\"cs\"]");
  EXPECT_EQ(diff->changes(0).kind(), v1::SurveyChange::KIND_CHANGED);
  EXPECT_EQ(diff->series(0).outcome(), v1::SeriesComparison::OUTCOME_REWORDED);
  EXPECT_EQ(diff->series(0).reason(), "changed: text[\"cs\"]");

  diff = Diff("tenants/acme/surveys/s", "tenants/-/surveys/s");
  ASSERT_TRUE(diff.ok()) << diff.status();
  EXPECT_EQ(diff->changes_size(), 0);
  EXPECT_EQ(diff->series(0).outcome(), v1::SeriesComparison::OUTCOME_SAME);
}

TEST_F(DiffSurveyVersionsTest, ComparesSurveys) {
  Create("s", kFive);
  Create("t", "questions { key: 'recommend' nps {} }");
  const auto diff = Diff("tenants/acme/surveys/s", "tenants/acme/surveys/t");
  ASSERT_TRUE(diff.ok()) << diff.status();
  ASSERT_EQ(diff->changes_size(), 2);
  EXPECT_EQ(diff->changes(0).path(), "questions[overall]");
  EXPECT_EQ(diff->changes(0).kind(), v1::SurveyChange::KIND_REMOVED);
  EXPECT_EQ(diff->changes(0).before(), "How was it?");
  EXPECT_EQ(diff->changes(1).path(), "questions[recommend]");
  EXPECT_EQ(diff->changes(1).kind(), v1::SurveyChange::KIND_ADDED);
  ASSERT_EQ(diff->series_size(), 2);
  EXPECT_EQ(diff->series(0).question(), "recommend");
  EXPECT_EQ(diff->series(1).outcome(), v1::SeriesComparison::OUTCOME_REMOVED);
}

TEST_F(DiffSurveyVersionsTest, ChecksItsNames) {
  Create("s", kFive);
  const std::string s = "tenants/acme/surveys/s";
  for (const std::string& bad : {std::string(), std::string("surveys/s"), s + "/versions/0", s + "/versions/x"}) {
    const absl::Status of_base = Diff(bad, s).status();
    EXPECT_EQ(ReasonOf(of_base), v1::ERROR_REASON_INVALID_RESOURCE_NAME) << bad;
    EXPECT_EQ(ViolationsOf(of_base)[0].field, "base");
    EXPECT_EQ(ViolationsOf(Diff(s, bad).status())[0].field, "target");
  }
  EXPECT_EQ(ReasonOf(Diff(s, s + "/versions/1").status()), v1::ERROR_REASON_SURVEY_NOT_FOUND);
  EXPECT_EQ(ReasonOf(Diff("tenants/acme/surveys/none", s).status()), v1::ERROR_REASON_SURVEY_NOT_FOUND);
  EXPECT_EQ(Diff(s, "tenants/globex/surveys/s").status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace canvass::surveys
