// A survey with logic, asked page by page as an app does, in the respondent's language, to the stored response.

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/cpp/status.h"
#include "tests/conformance/target.h"

namespace canvass::conformance {
namespace {

using client::Reason;
using client::Responses;
using client::Surveys;
using ::testing::ElementsAre;
using testing::Workspace;

constexpr char kDefinition[] = R"pb(
  default_language: 'en'
  languages: 'cs'
  pages { key: 'first' starts_with: 'score' }
  pages {
    key: 'details'
    starts_with: 'why'
    show_if { text: 'answer.score <= 3' }
  }
  pages { key: 'last' starts_with: 'again' }
  questions {
    key: 'score'
    required: true
    text { key: 'en' value: 'How was it?' }
    text { key: 'cs' value: 'Jaké to bylo?' }
    csat {}
  }
  questions {
    key: 'why'
    required: true
    text { key: 'en' value: 'Why {{answer.score}} of 5?' }
    text { key: 'cs' value: 'Proč {{answer.score}} z 5?' }
    free_text {}
  }
  questions {
    key: 'again'
    text { key: 'en' value: 'Will you come again?' }
    text { key: 'cs' value: 'Přijdete znovu?' }
    consent {}
  }
  endings {
    key: 'thanks'
    title { key: 'en' value: 'Thank you!' }
    title { key: 'cs' value: 'Děkujeme!' }
  }
)pb";

class QuestionnaireTest : public ::testing::Test {
 protected:
  QuestionnaireTest() {
    v1::SurveyDefinition definition;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(kDefinition, &definition));
    const auto survey = testing::PublishSurvey(own_, "pages", definition);
    EXPECT_TRUE(survey.ok()) << survey.status();
    survey_ = survey.value_or("");
  }

  static v1::Answer Answer(const std::string& text) {
    v1::Answer answer;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &answer)) << text;
    return answer;
  }

  v1::Step Next(const std::string& after_page, const std::vector<v1::Answer>& answers) {
    v1::NextStepRequest request;
    request.mutable_context()->set_survey(survey_);
    request.mutable_context()->set_language("cs");
    request.set_after_page(after_page);
    for (const v1::Answer& answer : answers) *request.add_answers() = answer;
    const auto step = own_.admin->Call(&Surveys::NextStep, request);
    EXPECT_TRUE(step.ok()) << step.status();
    return step.ok() ? *step : v1::Step();
  }

  absl::StatusOr<v1::SubmitResponseResponse> Submit(const std::vector<v1::Answer>& answers) {
    v1::SubmitResponseRequest request;
    request.set_parent(own_.tenant);
    request.mutable_response()->set_survey(survey_);
    for (const v1::Answer& answer : answers) *request.mutable_response()->add_answers() = answer;
    return own_.admin->Call(&Responses::SubmitResponse, request);
  }

  Workspace own_ = NewWorkspace();
  std::string survey_;
};

TEST_F(QuestionnaireTest, AnUnhappyCustomerIsAskedWhy) {
  v1::Step step = Next("", {});
  ASSERT_EQ(step.page().key(), "first");
  EXPECT_EQ(step.page().questions(0).text().at("cs"), "Jaké to bylo?");

  std::vector<v1::Answer> answers = {Answer("question: 'score' score: 2")};
  step = Next("first", answers);
  ASSERT_EQ(step.page().key(), "details");
  EXPECT_EQ(step.page().questions(0).text().at("cs"), "Proč 2 z 5?");

  step = Next("details", answers);
  ASSERT_EQ(step.problems_size(), 1);
  EXPECT_EQ(step.problems(0).question(), "why");
  EXPECT_EQ(step.page().key(), "details");
  EXPECT_EQ(Reason(Submit(answers).status()), "INVALID_RESPONSE");

  answers.push_back(Answer("question: 'why' text: 'pozdě'"));
  EXPECT_EQ(Next("details", answers).page().key(), "last");
  step = Next("last", answers);
  EXPECT_TRUE(step.complete());
  EXPECT_EQ(step.ending().title().at("cs"), "Děkujeme!");
  const auto stored = Submit(answers);
  EXPECT_TRUE(stored.ok()) << stored.status();
}

TEST_F(QuestionnaireTest, AHappyCustomerIsNot) {
  const std::vector<v1::Answer> happy = {Answer("question: 'score' score: 5")};
  EXPECT_EQ(Next("first", happy).page().key(), "last");
  EXPECT_TRUE(Submit(happy).ok());

  // Who changed their mind leaves an answer behind that nobody asked for.
  const std::vector<v1::Answer> changed = {happy[0], Answer("question: 'why' text: 'pozdě'")};
  EXPECT_THAT(Next("first", changed).hidden_answers(), ElementsAre("why"));
  EXPECT_EQ(Reason(Submit(changed).status()), "INVALID_RESPONSE");
}

TEST_F(QuestionnaireTest, TheQuestionnaireSaysEverythingAtOnce) {
  v1::GetQuestionnaireRequest request;
  request.mutable_context()->set_survey(survey_);
  request.mutable_context()->set_language("cs-CZ");
  const auto questionnaire = own_.admin->Call(&Surveys::GetQuestionnaire, request);
  ASSERT_TRUE(questionnaire.ok()) << questionnaire.status();
  EXPECT_EQ(questionnaire->language(), "cs");
  EXPECT_EQ(questionnaire->survey_version(), absl::StrCat(survey_, "/versions/1"));
  EXPECT_EQ(questionnaire->definition().questions_size(), 3);
  EXPECT_TRUE(questionnaire->definition().pages(1).has_show_if());
}

TEST_F(QuestionnaireTest, ASurveyCannotBePublishedThatNobodyCanFinish) {
  v1::UpdateSurveyRequest update;
  update.mutable_survey()->set_name(survey_);
  v1::SurveyDefinition& definition = *update.mutable_survey()->mutable_definition();
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(kDefinition, &definition));
  definition.mutable_questions(0)->mutable_show_if()->set_text("answer.again = true");
  const auto saved = own_.admin->Call(&Surveys::UpdateSurvey, update);
  ASSERT_TRUE(saved.ok()) << saved.status();  // a draft may be wrong
  v1::PublishSurveyRequest publish;
  publish.set_name(survey_);
  EXPECT_EQ(Reason(own_.admin->Call(&Surveys::PublishSurvey, publish).status()), "INVALID_SURVEY");
}

}  // namespace
}  // namespace canvass::conformance
