#include "server/surveys/check_survey.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/mysql/testing/test_database.h"
#include "server/surveys/testing/definitions.h"
#include "server/surveys/texts/language_report.h"

namespace canvass::surveys {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

v1::CheckSurveyResponse Check(const v1::SurveyDefinition& definition) {
  v1::CheckSurveyRequest request;
  request.set_parent("tenants/acme");
  *request.mutable_definition() = definition;
  const absl::StatusOr<v1::CheckSurveyResponse> response = CheckSurvey(mysql::testing::MakeScope("acme"), request);
  EXPECT_TRUE(response.ok()) << response.status();
  return response.value_or(v1::CheckSurveyResponse());
}

std::vector<std::string> TextsOf(const google::protobuf::RepeatedPtrField<v1::FieldViolation>& violations) {
  std::vector<std::string> texts;
  for (const v1::FieldViolation& each : violations)
    texts.push_back(absl::StrCat(each.field(), ": ", each.description()));
  return texts;
}

TEST(CheckSurveyTest, FindsNothingInARealSurvey) {
  const v1::CheckSurveyResponse response = Check(testing::RealSurvey());
  EXPECT_THAT(TextsOf(response.violations()), IsEmpty());
  EXPECT_THAT(TextsOf(response.warnings()), IsEmpty());
  ASSERT_EQ(response.languages_size(), 2);
  EXPECT_EQ(response.languages(0).language(), "cs");
  EXPECT_TRUE(response.languages(0).offered());
  EXPECT_EQ(response.languages(0).texts(), 19);
  EXPECT_EQ(response.languages(0).translated(), 19);
  EXPECT_EQ(response.languages(1).language(), "en");
  EXPECT_THAT(response.languages(1).missing(), IsEmpty());
  // Six questions: 7.5, 7.5, 30, 15, 12.5, 7.5 s, and 22 words.
  EXPECT_EQ(response.expected_duration().seconds(), 85);
}

TEST(CheckSurveyTest, AnswersAboutABadDefinition) {
  const v1::CheckSurveyResponse response = Check(v1::SurveyDefinition());
  EXPECT_THAT(TextsOf(response.violations()), ElementsAre(StartsWith("definition.default_language: is required"),
                                                          StartsWith("definition.questions: has 0 items")));
  v1::SurveyDefinition large;
  (*large.mutable_title())["en"] = std::string(300'000, 'x');
  EXPECT_THAT(TextsOf(Check(large).violations()), ElementsAre(HasSubstr("at most 262144 are allowed")));
  EXPECT_THAT(Check(large).languages(), IsEmpty());
}

TEST(CheckSurveyTest, RefusesAnotherTenant) {
  v1::CheckSurveyRequest request;
  request.set_parent("tenants/globex");
  EXPECT_FALSE(CheckSurvey(mysql::testing::MakeScope("acme"), request).ok());
}

TEST(CheckSurveyTest, WarnsOfWhatIsLikelyToBeRegretted) {
  const v1::SurveyDefinition definition = testing::DefineWith(R"pb(
    title { key: "en" value: "Hello {{contact.name}}" }
    title { key: "fr" value: "Bonjour {{contact.name|vous}}" }
    languages: "pt-BR"
    questions {
      key: "q"
      required: true
      nps {}
      help { key: "en" value: "You said {{answer.nps}}" }
      help { key: "pt" value: "{{answer.nps|}}" }
      routes { skip_to: "r" }
      routes { end_with: "x" }
    }
    questions {
      key: "r"
      nps {}
      help { key: "en" value: "{{answer.q}} {{value.count}} {{value.mean}}" }
    }
    values {
      key: "count"
      aggregate {
        function: FUNCTION_COUNT
        terms { field: "answer.nps" }
      }
    }
    values {
      key: "mean"
      aggregate {
        function: FUNCTION_MEAN
        terms { field: "answer.a" }
      }
    }
  )pb");
  EXPECT_THAT(
      TextsOf(Check(definition).warnings()),
      ElementsAre("definition.questions[4].routes[1]: is never taken: routes[0] always is",
                  StartsWith("definition.values[1].aggregate.terms[0].field: an answer to question 'a' is never"),
                  StartsWith("definition.title[\"en\"]: the pipe 'contact.name' has no fallback"),
                  StartsWith("definition.questions[4].help[\"en\"]: the pipe 'answer.nps' has no fallback"),
                  StartsWith("definition.questions[5].help[\"en\"]: the pipe 'value.mean' has no fallback"),
                  "definition.title[\"fr\"]: 'fr' is not among the languages on offer, but 1 text has it"));
}

TEST(LanguageReportTest, CountsTextsOfEveryLanguage) {
  const v1::SurveyDefinition definition = testing::DefineWith(R"pb(
    languages: "pt-BR"
    languages: "sk"
    title { key: "en" value: "x" }
    title { key: "pt" value: "x" }
    title { key: "he" value: "שלום" }
    closed_text { key: "en" value: "x" }
    closed_text { key: "pt-BR" value: "x" }
  )pb");
  const std::vector<v1::LanguageReport> reports = ReportLanguages(definition);
  std::vector<std::string> summary;
  for (const v1::LanguageReport& report : reports) {
    summary.push_back(absl::StrCat(report.language(), " ", report.offered() ? "offered " : "", report.translated(), "/",
                                   report.texts()));
  }
  // Four questions, six options, title and closed_text.
  EXPECT_THAT(summary, ElementsAre("en offered 12/12", "pt-BR offered 2/12", "sk offered 0/12", "he 1/12", "pt 1/12"));
  EXPECT_EQ(reports[1].missing(0), "questions[0].text");
  EXPECT_EQ(reports[1].missing_size(), 10);
  EXPECT_EQ(reports[3].missing(10), "closed_text");
}

}  // namespace
}  // namespace canvass::surveys
