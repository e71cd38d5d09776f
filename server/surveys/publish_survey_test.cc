// What saving and publishing make of definitions, on a real database.

#include "server/surveys/publish_survey.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "server/base/error.h"
#include "server/conditions/condition_text.h"
#include "server/mysql/testing/test_database.h"
#include "server/surveys/create_survey.h"
#include "server/surveys/testing/definitions.h"

namespace canvass::surveys {
namespace {

using ::testing::ElementsAre;

class PublishSurveyTest : public ::testing::Test {
 protected:
  absl::StatusOr<v1::Survey> Create(const v1::SurveyDefinition& definition) {
    v1::CreateSurveyRequest request;
    request.set_parent("tenants/acme");
    request.set_survey_id("visit");
    *request.mutable_survey()->mutable_definition() = definition;
    return CreateSurvey(store_, db_.clock(), scope_, request);
  }
  absl::StatusOr<v1::Survey> Publish(const std::string& etag = "") {
    v1::PublishSurveyRequest request;
    request.set_name("tenants/acme/surveys/visit");
    request.set_etag(etag);
    return PublishSurvey(store_, catalog_, db_.clock(), scope_, request);
  }

  mysql::testing::TestDatabase db_;
  SurveyStore store_{db_.database()};
  SurveyCatalog catalog_{store_, db_.clock()};
  TenantScope scope_ = mysql::testing::MakeScope("acme");
};

TEST_F(PublishSurveyTest, StoresConditionsInStructuredForm) {
  const absl::StatusOr<v1::Survey> created = Create(testing::RealSurvey());
  ASSERT_TRUE(created.ok()) << created.status();
  EXPECT_EQ(conditions::ConditionText(created->definition().questions(1).show_if()), "answer.recommend <= 6");
  // The same text again is the same content.
  EXPECT_TRUE(Create(testing::RealSurvey()).ok());
  const absl::StatusOr<v1::Survey> published = Publish();
  ASSERT_TRUE(published.ok()) << published.status();
  const absl::StatusOr<v1::SurveyVersion> version = store_.GetVersion(scope_, SurveyId("visit"), 1);
  ASSERT_TRUE(version.ok()) << version.status();
  EXPECT_TRUE(version->definition().questions(1).show_if().has_compare());
}

TEST_F(PublishSurveyTest, RefusesADraftWithLooseEnds) {
  v1::SurveyDefinition definition = testing::DefineWith(
      "questions { key: 'x' nps {} show_if { text: 'answer.nobody = 1' } routes { end_with: 'gone' } }");
  const absl::StatusOr<v1::Survey> created = Create(definition);
  ASSERT_TRUE(created.ok()) << created.status();
  const absl::Status refused = Publish(created->etag()).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ReasonOf(refused), v1::ERROR_REASON_INVALID_SURVEY);
  std::vector<std::string> fields;
  for (const FieldViolation& violation : ViolationsOf(refused)) fields.push_back(violation.field);
  EXPECT_THAT(fields, ElementsAre("definition.questions[4].show_if.compare.field",
                                  "definition.questions[4].routes[0].end_with"));
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM survey_versions"), 0);
  EXPECT_EQ(ReasonOf(Publish("99").status()), v1::ERROR_REASON_ETAG_MISMATCH);
}

}  // namespace
}  // namespace canvass::surveys
