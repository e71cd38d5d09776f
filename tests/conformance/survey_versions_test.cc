// What becomes of a survey and its numbers while it is changed, closed, archived and copied.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/cpp/status.h"
#include "tests/conformance/target.h"

namespace canvass::conformance {
namespace {

using client::Metrics;
using client::Reason;
using client::Responses;
using client::Surveys;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class SurveyVersionsTest : public ::testing::Test {
 protected:
  SurveyVersionsTest() : name_(absl::StrCat(own_.tenant, "/surveys/stay")) {}

  // Writes the survey with a satisfaction question of so many points, and publishes it.
  void Publish(int points) {
    v1::UpdateSurveyRequest update;
    update.set_allow_missing(true);
    update.mutable_survey()->set_name(name_);
    v1::SurveyDefinition& definition = *update.mutable_survey()->mutable_definition();
    definition.set_default_language("en");
    v1::Question& question = *definition.add_questions();
    question.set_key("overall");
    (*question.mutable_text())["en"] = "How was your stay?";
    question.mutable_csat()->set_points(points);
    const auto updated = own_.admin->Call(&Surveys::UpdateSurvey, update);
    ASSERT_TRUE(updated.ok()) << updated.status();
    v1::PublishSurveyRequest publish;
    publish.set_name(name_);
    const auto published = own_.admin->Call(&Surveys::PublishSurvey, publish);
    ASSERT_TRUE(published.ok()) << published.status();
  }

  absl::Status Answer(int score) {
    v1::SubmitResponseRequest request;
    request.set_parent(own_.tenant);
    request.mutable_response()->set_survey(name_);
    v1::Answer& answer = *request.mutable_response()->add_answers();
    answer.set_question("overall");
    answer.set_score(score);
    return own_.admin->Call(&Responses::SubmitResponse, request).status();
  }

  v1::QueryMetricResponse Satisfaction() {
    v1::QueryMetricRequest request;
    request.set_survey(name_);
    request.set_metric(v1::METRIC_CSAT);
    request.set_question("overall");
    const auto response = own_.admin->Call(&Metrics::QueryMetric, request);
    EXPECT_TRUE(response.ok()) << response.status();
    return response.ok() ? *response : v1::QueryMetricResponse();
  }

  std::vector<std::string> Names(bool show_archived) {
    v1::ListSurveysRequest request;
    request.set_parent(own_.tenant);
    request.set_show_archived(show_archived);
    const auto response = own_.admin->Call(&Surveys::ListSurveys, request);
    EXPECT_TRUE(response.ok()) << response.status();
    std::vector<std::string> names;
    for (const v1::Survey& survey : response->surveys()) names.push_back(survey.name());
    return names;
  }

  testing::Workspace own_ = NewWorkspace();
  const std::string name_;
};

TEST_F(SurveyVersionsTest, AChangedScaleStartsANewSeries) {
  Publish(5);
  ASSERT_TRUE(Answer(5).ok());
  Publish(7);
  ASSERT_TRUE(Answer(7).ok());
  ASSERT_TRUE(Answer(1).ok());

  v1::DiffSurveyVersionsRequest diff;
  diff.set_base(absl::StrCat(name_, "/versions/1"));
  diff.set_target(absl::StrCat(name_, "/versions/2"));
  const auto changes = own_.admin->Call(&Surveys::DiffSurveyVersions, diff);
  ASSERT_TRUE(changes.ok()) << changes.status();
  ASSERT_EQ(changes->changes_size(), 1);
  EXPECT_EQ(changes->changes(0).path(), "questions[overall].csat.points");
  EXPECT_EQ(changes->changes(0).before(), "5");
  EXPECT_EQ(changes->changes(0).after(), "7");
  ASSERT_EQ(changes->series_size(), 1);
  EXPECT_EQ(changes->series(0).outcome(), v1::SeriesComparison::OUTCOME_NEW_SERIES);

  const v1::QueryMetricResponse satisfaction = Satisfaction();
  EXPECT_THAT(satisfaction.definition().survey_versions(), ElementsAre(2));
  EXPECT_THAT(satisfaction.definition().other_series_versions(), ElementsAre(1));
  ASSERT_EQ(satisfaction.points_size(), 1);
  EXPECT_EQ(satisfaction.points(0).n(), 2);
}

TEST_F(SurveyVersionsTest, AnArchivedSurveyIsClosedAndOutOfListsUntilItIsRestored) {
  Publish(5);
  ASSERT_TRUE(Answer(5).ok());
  v1::ArchiveSurveyRequest archive;
  archive.set_name(name_);
  const auto archived = own_.admin->Call(&Surveys::ArchiveSurvey, archive);
  ASSERT_TRUE(archived.ok()) << archived.status();
  EXPECT_EQ(archived->state(), v1::Survey::STATE_ARCHIVED);
  EXPECT_EQ(Reason(Answer(5)), "SURVEY_CLOSED");
  EXPECT_THAT(Names(/*show_archived=*/false), ElementsAre(own_.survey));
  EXPECT_THAT(Names(/*show_archived=*/true), ElementsAre(name_, own_.survey));
  EXPECT_EQ(Satisfaction().points(0).n(), 1) << "its metrics stay readable";

  v1::ReopenSurveyRequest reopen;
  reopen.set_name(name_);
  EXPECT_EQ(Reason(own_.admin->Call(&Surveys::ReopenSurvey, reopen).status()), "SURVEY_ARCHIVED");
  v1::RestoreSurveyRequest restore;
  restore.set_name(name_);
  EXPECT_EQ(own_.admin->Call(&Surveys::RestoreSurvey, restore)->state(), v1::Survey::STATE_CLOSED);
  EXPECT_EQ(Reason(Answer(5)), "SURVEY_CLOSED");
  EXPECT_EQ(own_.admin->Call(&Surveys::ReopenSurvey, reopen)->state(), v1::Survey::STATE_PUBLISHED);
  EXPECT_TRUE(Answer(5).ok());
}

TEST_F(SurveyVersionsTest, AVersionCanBeCopied) {
  Publish(5);
  Publish(7);
  v1::CopySurveyRequest copy;
  copy.set_source(absl::StrCat(name_, "/versions/1"));
  copy.set_survey_id("second-stay");
  const auto copied = own_.admin->Call(&Surveys::CopySurvey, copy);
  ASSERT_TRUE(copied.ok()) << copied.status();
  EXPECT_EQ(copied->state(), v1::Survey::STATE_DRAFT);
  EXPECT_EQ(copied->definition().questions(0).csat().points(), 5);
  EXPECT_EQ(own_.admin->Call(&Surveys::CopySurvey, copy)->etag(), copied->etag()) << "again returns the copy";

  v1::DiffSurveyVersionsRequest diff;
  diff.set_base(copy.source());
  diff.set_target(copied->name());
  EXPECT_THAT(own_.admin->Call(&Surveys::DiffSurveyVersions, diff)->changes(), IsEmpty());
}

}  // namespace
}  // namespace canvass::conformance
