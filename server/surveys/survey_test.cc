#include "server/surveys/survey.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"

namespace canvass::surveys {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

v1::Question Question(const std::string& kind) {
  v1::Question question;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString("key: 'q' text { key: 'en' value: 'How was it?' } " + kind,
                                                            &question))
      << kind;
  return question;
}

v1::ChoiceOption Option(const std::string& key) {
  v1::ChoiceOption option;
  option.set_key(key);
  (*option.mutable_text())["en"] = key;
  return option;
}

// A survey with one question of every kind.
v1::Survey FullSurvey() {
  v1::Survey survey;
  survey.set_display_name("After the purchase");
  v1::SurveyDefinition& definition = *survey.mutable_definition();
  definition.set_default_language("en");
  for (const char* kind : {"nps {}", "csat { points: 5 }", "ces { points: 7 direction: DIRECTION_EFFORT_IS_HIGH }",
                           "free_text { max_length: 500 }", "single_choice {}", "multiple_choice { max_choices: 2 }"}) {
    v1::Question question = Question(kind);
    question.set_key(absl::StrCat("q", definition.questions_size()));
    for (const char* key : {"a", "b", "1_c"}) {
      if (question.has_single_choice()) *question.mutable_single_choice()->add_options() = Option(key);
      if (question.has_multiple_choice()) *question.mutable_multiple_choice()->add_options() = Option(key);
    }
    *definition.add_questions() = question;
  }
  for (const char* path : {"event.boarding_area", "contact.country", "response.language", "response.channel"}) {
    definition.add_breakdowns(path);
  }
  return survey;
}

// A survey of just this question.
v1::Survey With(v1::Question question) {
  v1::Survey survey;
  survey.mutable_definition()->set_default_language("en");
  *survey.mutable_definition()->add_questions() = std::move(question);
  return survey;
}

std::vector<FieldViolation> Check(v1::Survey survey) {
  const absl::Status status = ValidateSurvey(survey);
  if (!status.ok()) {
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(ReasonOf(status), v1::ERROR_REASON_INVALID_SURVEY);
  }
  return ViolationsOf(status);
}

auto Violation(const std::string& field, const std::string& description) {
  return testing::AllOf(testing::Field(&FieldViolation::field, field),
                        testing::Field(&FieldViolation::description, HasSubstr(description)));
}

TEST(ValidateSurveyTest, AcceptsEveryKindOfQuestion) { EXPECT_THAT(Check(FullSurvey()), IsEmpty()); }

TEST(ValidateSurveyTest, AcceptsEveryScale) {
  for (const char* kind : {"csat {}", "csat { points: 3 }", "csat { points: 7 }", "csat { points: 10 }", "ces {}",
                           "ces { points: 5 }", "ces { points: 10 direction: DIRECTION_EASE_IS_HIGH }", "free_text {}",
                           "free_text { max_length: 1 }", "free_text { max_length: 10000 }"}) {
    EXPECT_THAT(Check(With(Question(kind))), IsEmpty()) << kind;
  }
}

TEST(ValidateSurveyTest, ReportsEveryFaultAtOnce) {
  v1::Survey survey = FullSurvey();
  v1::SurveyDefinition& definition = *survey.mutable_definition();
  survey.set_display_name(std::string(201, 'x'));
  definition.mutable_questions(0)->set_key("Q 0");
  definition.mutable_questions(1)->mutable_csat()->set_points(4);
  definition.mutable_questions(2)->mutable_ces()->set_points(3);
  definition.mutable_questions(2)->mutable_ces()->set_direction(static_cast<v1::CesQuestion::Direction>(9));
  definition.mutable_questions(3)->mutable_free_text()->set_max_length(10001);
  definition.mutable_questions(4)->mutable_single_choice()->mutable_options(2)->set_key("a");
  definition.mutable_questions(5)->mutable_multiple_choice()->set_min_choices(3);
  definition.set_breakdowns(1, "country");
  EXPECT_THAT(
      Check(survey),
      ElementsAre(Violation("survey.display_name", "201 characters; at most 200"),
                  Violation("survey.definition.questions[0].key", "'Q 0' is not a key"),
                  Violation("survey.definition.questions[1].csat.points", "4 is not one of 3, 5, 7, 10"),
                  Violation("survey.definition.questions[2].ces.points", "3 is not one of 5, 7, 10"),
                  Violation("survey.definition.questions[2].ces.direction", "must be"),
                  Violation("survey.definition.questions[3].free_text.max_length", "10001 is not allowed: 1 to 10000"),
                  Violation("survey.definition.questions[4].single_choice.options[2].key",
                            "'a' is taken by definition.questions[4].single_choice.options[0]"),
                  Violation("survey.definition.questions[5].multiple_choice.min_choices", "3 is more than max_choices"),
                  Violation("survey.definition.breakdowns[1]", "'country' is not a fact")));
}

TEST(ValidateSurveyTest, NamesWhatIsMissing) {
  EXPECT_THAT(Check(v1::Survey()), ElementsAre(Violation("survey.definition", "is required")));
  v1::Survey survey;
  survey.mutable_definition();
  EXPECT_THAT(Check(survey), ElementsAre(Violation("survey.definition.default_language", "is required"),
                                         Violation("survey.definition.questions", "has 0 items; 1 to 200")));
  EXPECT_THAT(Check(With(v1::Question())),
              ElementsAre(Violation("survey.definition.questions[0].key", "'' is not a key"),
                          Violation("survey.definition.questions[0].text", "no text in the default language 'en'"),
                          Violation("survey.definition.questions[0].kind", "is required")));
}

TEST(ValidateSurveyTest, ChecksKeys) {
  for (const std::string& key : {std::string("a"), std::string("a_1"), std::string(63, 'k')}) {
    v1::Question question = Question("nps {}");
    question.set_key(key);
    EXPECT_THAT(Check(With(question)), IsEmpty()) << key;
  }
  for (const std::string& key : {std::string("1a"), std::string("_a"), std::string("aB"), std::string("a-b"),
                                 std::string(64, 'k'), std::string("ž"), std::string("a\0b", 3)}) {
    v1::Question question = Question("nps {}");
    question.set_key(key);
    EXPECT_THAT(Check(With(question)), ElementsAre(Violation("survey.definition.questions[0].key", "is not a key")))
        << key;
  }
  v1::Survey twice = With(Question("nps {}"));
  *twice.mutable_definition()->add_questions() = Question("csat {}");
  EXPECT_THAT(Check(twice),
              ElementsAre(Violation("survey.definition.questions[1].key", "'q' is taken by definition.questions[0]")));
}

TEST(ValidateSurveyTest, ChecksTextsAndTheirLanguages) {
  v1::Survey survey = With(Question("nps {}"));
  v1::Question& question = *survey.mutable_definition()->mutable_questions(0);
  (*question.mutable_text())["pt-BR"] = std::string(5001, 'x');
  (*question.mutable_text())["not a tag"] = "text";
  (*question.mutable_text())["fr"] = " \n";
  (*question.mutable_help())["de"] = "Hilfe";
  EXPECT_THAT(Check(survey),
              ElementsAre(Violation("survey.definition.questions[0].text[\"fr\"]", "blank"),
                          Violation("survey.definition.questions[0].text[\"not a tag\"]", "not a BCP 47 language tag"),
                          Violation("survey.definition.questions[0].text[\"pt-BR\"]", "5001 characters; at most 5000"),
                          Violation("survey.definition.questions[0].help", "no text in the default language")));
  // Characters, not bytes.
  question.clear_help();
  question.clear_text();
  std::string text;
  for (int i = 0; i < 5000; ++i) text += "ž";
  (*question.mutable_text())["en"] = text;
  EXPECT_THAT(Check(survey), IsEmpty());
  for (int i = 0; i < 50; ++i) {
    (*question.mutable_text())[absl::StrCat("de-x-", i)] = "text";
  }
  EXPECT_THAT(Check(survey), ElementsAre(Violation("survey.definition.questions[0].text", "51 languages; at most 50")));
}

TEST(ValidateSurveyTest, ChecksTheDefaultLanguage) {
  v1::Survey survey = With(Question("nps {}"));
  survey.mutable_definition()->set_default_language("english please");
  EXPECT_THAT(Check(survey), ElementsAre(Violation("survey.definition.default_language", "not a BCP 47 language tag")));
  survey.mutable_definition()->set_default_language("fr");
  EXPECT_THAT(Check(survey), ElementsAre(Violation("survey.definition.questions[0].text", "default language 'fr'")));
}

TEST(ValidateSurveyTest, ChecksChoices) {
  v1::Question question = Question("multiple_choice {}");
  v1::MultipleChoiceQuestion& choice = *question.mutable_multiple_choice();
  const std::string path = "survey.definition.questions[0].multiple_choice";
  *choice.add_options() = Option("a");
  EXPECT_THAT(Check(With(question)), ElementsAre(Violation(path + ".options", "has 1 items; 2 to 500")));
  *choice.add_options() = Option("b");
  choice.set_min_choices(-1);
  choice.set_max_choices(3);
  EXPECT_THAT(Check(With(question)), ElementsAre(Violation(path + ".min_choices", "-1 is not allowed: 0 to 2"),
                                                 Violation(path + ".max_choices", "3 is not allowed: 0 to 2")));
  choice.set_min_choices(2);
  choice.set_max_choices(0);  // all of them
  EXPECT_THAT(Check(With(question)), IsEmpty());
  choice.mutable_options(0)->clear_text();
  EXPECT_THAT(Check(With(question)), ElementsAre(Violation(path + ".options[0].text", "no text in the default")));
  choice.mutable_options()->Clear();
  for (int i = 0; i < 501; ++i) *choice.add_options() = Option(absl::StrCat("o", i));
  EXPECT_THAT(Check(With(question)), testing::Contains(Violation(path + ".options", "has 501 items")));
}

TEST(ValidateSurveyTest, ChecksBreakdowns) {
  v1::Survey survey = With(Question("nps {}"));
  v1::SurveyDefinition& definition = *survey.mutable_definition();
  for (const char* path : {"event.a.b", "response.score", "event", "event..a", "event.a.b", "answer.q", ""}) {
    definition.add_breakdowns(path);
  }
  EXPECT_THAT(Check(survey), ElementsAre(Violation("survey.definition.breakdowns[1]", "'response.score' is not a fact"),
                                         Violation("survey.definition.breakdowns[2]", "'event' is not a fact"),
                                         Violation("survey.definition.breakdowns[3]", "is not a fact"),
                                         Violation("survey.definition.breakdowns[4]", "stands at 0 already"),
                                         Violation("survey.definition.breakdowns[5]", "is not a fact"),
                                         Violation("survey.definition.breakdowns[6]", "'' is not a fact")));
  definition.clear_breakdowns();
  for (int i = 0; i < 9; ++i) definition.add_breakdowns(absl::StrCat("event.f", i));
  EXPECT_THAT(Check(survey), ElementsAre(Violation("survey.definition.breakdowns", "has 9 items; 0 to 8")));
}

TEST(ValidateSurveyTest, ChecksClosing) {
  v1::Survey survey = FullSurvey();
  survey.mutable_closing()->set_max_responses(1000);
  survey.mutable_closing()->mutable_close_time()->set_seconds(1'800'000'000);
  EXPECT_THAT(Check(survey), IsEmpty());
  survey.mutable_closing()->set_max_responses(-1);
  survey.mutable_closing()->mutable_close_time()->set_nanos(-1);
  EXPECT_THAT(Check(survey), ElementsAre(Violation("survey.closing.close_time", "is not a time"),
                                         Violation("survey.closing.max_responses", "-1 is not allowed")));
}

TEST(ValidateSurveyTest, TellsOfConditionsBelowTheSurvey) {
  v1::Survey survey = FullSurvey();
  survey.mutable_definition()->mutable_questions(1)->mutable_show_if()->set_text("nobody = 1");
  EXPECT_THAT(Check(survey), ElementsAre(Violation("survey.definition.questions[1].show_if.text", "")));
}

TEST(ValidateSurveyTest, BoundsWhatItLooksAt) {
  v1::Survey survey = With(Question("nps {}"));
  v1::SurveyDefinition& definition = *survey.mutable_definition();
  for (int i = 1; i < 200; ++i) {
    v1::Question question = Question("nps {}");
    question.set_key(absl::StrCat("q", i));
    *definition.add_questions() = question;
  }
  EXPECT_THAT(Check(survey), IsEmpty());
  for (int i = 0; i < 50'000; ++i) definition.add_questions();
  EXPECT_THAT(Check(survey), ElementsAre(Violation("survey.definition.questions", "has 50200 items")));

  for (int i = 0; i < 1'000'000; ++i) definition.add_questions();
  EXPECT_THAT(Check(survey), ElementsAre(Violation("survey.definition", "bytes serialized; at most 262144")));
}

TEST(QuestionTest, KnowsItsScaleWithDefaults) {
  const std::pair<const char*, Scale> scales[] = {{"nps {}", {0, 10}},
                                                  {"csat {}", {1, 5}},
                                                  {"csat { points: 10 }", {1, 10}},
                                                  {"ces {}", {1, 7}},
                                                  {"ces { points: 5 }", {1, 5}}};
  for (const auto& [kind, scale] : scales) EXPECT_EQ(ScaleOf(Question(kind)), scale) << kind;
  EXPECT_EQ(ScaleOf(Question("free_text {}")), std::nullopt);
  EXPECT_EQ(ScaleOf(v1::Question()), std::nullopt);
  EXPECT_TRUE(EffortIsHigh(Question("ces { direction: DIRECTION_EFFORT_IS_HIGH }").ces()));
  EXPECT_FALSE(EffortIsHigh(Question("ces {}").ces()));
}

TEST(QuestionTest, KnowsItsLimitsWithDefaults) {
  const v1::SurveyDefinition definition = FullSurvey().definition();
  EXPECT_EQ(MaxLengthOf(Question("free_text {}").free_text()), 2000);
  EXPECT_EQ(MaxLengthOf(definition.questions(3).free_text()), 500);
  EXPECT_EQ(MaxChoicesOf(definition.questions(5).multiple_choice()), 2);
  v1::MultipleChoiceQuestion all = definition.questions(5).multiple_choice();
  all.clear_max_choices();
  EXPECT_EQ(MaxChoicesOf(all), 3);
  EXPECT_EQ(MinRankedOf(Question("ranking { options {} options {} }").ranking()), 2);
  EXPECT_EQ(MinRankedOf(Question("ranking { options {} options {} min_ranked: 1 }").ranking()), 1);
  EXPECT_THAT(*OptionsOf(definition.questions(4)), SizeIs(3));
  EXPECT_EQ(OptionsOf(definition.questions(0)), nullptr);
}

TEST(QuestionTest, IsFoundByKey) {
  const v1::SurveyDefinition definition = FullSurvey().definition();
  EXPECT_EQ(FindQuestion(definition, "q2"), &definition.questions(2));
  EXPECT_EQ(FindQuestion(definition, "q9"), nullptr);
}

}  // namespace
}  // namespace canvass::surveys
