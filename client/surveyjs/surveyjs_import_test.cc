#include "client/surveyjs/surveyjs_import.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace canvass::surveyjs {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Imported MustImport(const std::string& json) {
  absl::StatusOr<Imported> imported = Import(json);
  EXPECT_TRUE(imported.ok()) << imported.status();
  return imported.ok() ? *std::move(imported) : Imported();
}

// A document of one page with these elements.
std::string Of(const std::string& elements, const std::string& more = "") {
  return absl::StrCat(R"({"elements": [)", elements, "]", more, "}");
}

bool HasNote(const Imported& imported, absl::string_view path, absl::string_view words) {
  for (const Note& note : imported.notes) {
    if (absl::string_view(note.path) == path && absl::StrContains(note.message, words)) return true;
  }
  return false;
}

std::string Notes(const Imported& imported) {
  std::string all;
  for (const Note& note : imported.notes) absl::StrAppend(&all, note.path, ": ", note.message, "\n");
  return all;
}

std::string Short(const google::protobuf::Message& message) { return message.ShortDebugString(); }

std::vector<std::string> Keys(const google::protobuf::RepeatedPtrField<v1::ChoiceOption>& options) {
  std::vector<std::string> keys;
  for (const v1::ChoiceOption& option : options) keys.push_back(option.key());
  return keys;
}

TEST(ImportTest, KindsOfQuestions) {
  struct Case {
    const char* element;
    const char* kind;
  };
  const Case cases[] = {
      {R"({"type": "rating", "rateMin": 0, "rateMax": 10})", "nps { }"},
      {R"({"type": "rating", "rateMax": 7})", "rating { points: 7 }"},
      {R"({"type": "rating", "rateCount": 3})", "rating { points: 3 }"},
      {R"({"type": "text"})", "free_text { }"},
      {R"({"type": "text", "inputType": "email", "maxLength": 80})",
       "free_text { max_length: 80 pattern: PATTERN_EMAIL }"},
      {R"({"type": "text", "validators": [{"type": "email"}]})", "free_text { pattern: PATTERN_EMAIL }"},
      {R"({"type": "text", "inputType": "tel"})", "free_text { pattern: PATTERN_PHONE }"},
      {R"({"type": "text", "inputType": "url"})", "free_text { pattern: PATTERN_URL }"},
      {R"({"type": "comment", "validators": [{"type": "text", "minLength": 5}]})",
       "free_text { min_length: 5 multiline: true }"},
      {R"({"type": "text", "inputType": "number", "min": 1, "max": "9", "step": 0.5})",
       "number { min: 1 max: 9 decimals: 1 }"},
      {R"({"type": "text", "inputType": "number", "step": 1})", "number { }"},
      {R"({"type": "text", "inputType": "range"})", "number { min: 0 max: 100 }"},
      {R"({"type": "text", "validators": [{"type": "numeric", "minValue": 18}]})", "number { min: 18 decimals: 6 }"},
      {R"({"type": "text", "inputType": "date", "min": "2026-01-31"})", "date { min: \"2026-01-31\" }"},
      {R"({"type": "boolean", "renderAs": "checkbox"})", "consent { }"},
      {R"({"type": "html", "html": "<p>Hello</p>"})", "statement { }"},
  };
  for (const Case& c : cases) {
    const Imported imported = MustImport(Of(c.element));
    ASSERT_EQ(imported.definition.questions_size(), 1) << c.element;
    v1::Question question = imported.definition.questions(0);
    question.clear_key();
    question.clear_text();
    EXPECT_EQ(Short(question), c.kind) << c.element;
  }
}

TEST(ImportTest, ChoicesAndTheSpecialOnes) {
  const Imported imported = MustImport(Of(
      R"({"type": "checkbox", "name": "q", "choices": [1, "Two words", {"value": "c", "text": "See"}],
          "choicesOrder": "random", "showNoneItem": true, "hasOther": true, "otherText": "Else", "maxSelectedChoices": 2})"));
  const v1::MultipleChoiceQuestion& question = imported.definition.questions(0).multiple_choice();
  EXPECT_THAT(Keys(question.options()), ElementsAre("1", "two_words", "c", "none", "other"));
  EXPECT_EQ(question.options(1).text().at("en"), "Two words");
  EXPECT_EQ(question.options(2).text().at("en"), "See");
  EXPECT_TRUE(question.options(3).exclusive());
  EXPECT_TRUE(question.options(4).other());
  EXPECT_TRUE(question.options(4).pinned());
  EXPECT_EQ(question.options(4).text().at("en"), "Else");
  EXPECT_EQ(question.max_choices(), 2);
  EXPECT_EQ(question.order(), v1::OPTION_ORDER_SHUFFLED);
  EXPECT_TRUE(HasNote(imported, "elements[0].choices", "'Two words' is two_words")) << Notes(imported);
}

TEST(ImportTest, ScalesThatAreNoneBecomeChoices) {
  const Imported imported = MustImport(Of(R"({"type": "rating", "name": "q", "rateMin": 0, "rateMax": 3},
      {"type": "text", "name": "why", "visibleIf": "{q} <= 1"})"));
  EXPECT_THAT(Keys(imported.definition.questions(0).single_choice().options()), ElementsAre("0", "1", "2", "3"));
  EXPECT_EQ(imported.definition.questions(1).show_if().any().conditions_size(), 2);
}

TEST(ImportTest, MatrixAndItsRowsInConditions) {
  const Imported imported = MustImport(Of(
      R"({"type": "matrix", "name": "M", "columns": ["Bad", "Good"], "rows": [{"value": "Our Shop"}], "eachRowRequired": true},
         {"type": "comment", "name": "why", "visibleIf": "{M.Our Shop} = 'Bad'", "title": "Why {M.Our Shop}?"})"));
  EXPECT_TRUE(imported.definition.questions(0).required());
  EXPECT_EQ(Short(imported.definition.questions(1).show_if()),
            "compare { field: \"answer.m.our_shop\" operator: OPERATOR_EQUAL value { string_value: \"bad\" } }");
  EXPECT_EQ(imported.definition.questions(1).text().at("en"), "Why {{answer.m.our_shop}}?");
}

TEST(ImportTest, FieldsOfAMultipletextAreQuestions) {
  const Imported imported = MustImport(Of(
      R"({"type": "multipletext", "name": "contact", "title": "You", "items": [
            {"name": "mail", "title": "E-mail", "inputType": "email", "isRequired": true}, {"name": "age", "inputType": "number"}]},
         {"type": "text", "name": "q", "title": "Is {contact.mail} right?", "visibleIf": "{contact.age} > 17"})"));
  ASSERT_EQ(imported.definition.questions_size(), 3);
  EXPECT_EQ(imported.definition.questions(0).key(), "contact_mail");
  EXPECT_EQ(imported.definition.questions(0).text().at("en"), "You: E-mail");
  EXPECT_TRUE(imported.definition.questions(0).required());
  EXPECT_EQ(imported.definition.questions(2).text().at("en"), "Is {{answer.contact_mail}} right?");
  EXPECT_EQ(imported.definition.questions(2).show_if().compare().field(), "answer.contact_age");
}

TEST(ImportTest, PanelsAreFlattenedWithTheirConditions) {
  const Imported imported = MustImport(Of(
      R"({"type": "rating", "name": "nps", "rateMin": 0, "rateMax": 10},
         {"type": "panel", "name": "p", "title": "More", "visibleIf": "{nps} < 7", "elements": [
            {"type": "panel", "elements": [{"type": "comment", "name": "why", "visibleIf": "{nps} notempty"}]}]})"));
  ASSERT_EQ(imported.definition.questions_size(), 3);
  EXPECT_TRUE(imported.definition.questions(1).has_statement());
  EXPECT_EQ(imported.definition.questions(1).text().at("en"), "More");
  EXPECT_EQ(imported.definition.questions(2).show_if().all().conditions_size(), 2);
}

TEST(ImportTest, PagesKeepTheirTitlesAndConditions) {
  const Imported imported = MustImport(R"({"title": "T", "pages": [
      {"name": "one", "title": "First", "elements": [{"type": "rating", "name": "nps", "rateMin": 0, "rateMax": 10}]},
      {"name": "Two", "visibleIf": "{nps} >= 9", "elements": [{"type": "comment", "name": "thanks"}]},
      {"name": "three", "elements": [{"type": "file", "name": "f"}]}]})");
  ASSERT_EQ(imported.definition.pages_size(), 2);
  EXPECT_EQ(imported.definition.pages(0).title().at("en"), "First");
  EXPECT_EQ(imported.definition.pages(1).key(), "two");
  EXPECT_EQ(imported.definition.pages(1).starts_with(), "thanks");
  EXPECT_EQ(imported.definition.pages(1).show_if().compare().field(), "answer.nps");
  EXPECT_EQ(imported.display_name, "T");
  EXPECT_TRUE(HasNote(imported, "pages[2]", "no questions left")) << Notes(imported);
  EXPECT_TRUE(HasNote(imported, "pages[2].elements[0]", "files are not taken")) << Notes(imported);
}

TEST(ImportTest, ConditionsThatCannotBeSaidAreNoted) {
  const char* expressions[] = {"age({a}) >= 16", "{later} = 1", "{nobody} = 1",          "{a} + 1 > 2",
                               "{a} = {b}",      "{a} =",       "iif({a} > 1, 2, 3) = 2"};
  for (const char* expression : expressions) {
    const Imported imported = MustImport(Of(absl::StrCat(
        R"({"type": "text", "inputType": "number", "name": "a"}, {"type": "text", "name": "b"},
           {"type": "text", "name": "q", "visibleIf": ")",
        expression, R"("}, {"type": "text", "name": "later"})")));
    EXPECT_FALSE(imported.definition.questions(2).has_show_if()) << expression;
    EXPECT_TRUE(HasNote(imported, "elements[2].visibleIf", "shown to everybody")) << expression << Notes(imported);
  }
}

TEST(ImportTest, WhatNobodySeesIsLeftOutAndWhatDependsOnItIsShown) {
  const Imported imported = MustImport(Of(
      R"({"type": "radiogroup", "name": "a", "choices": ["x", "y"]}, {"type": "text", "name": "b", "visibleIf": "{a} = 'z'"},
         {"type": "text", "name": "c", "visibleIf": "{b} notempty"}, {"type": "text", "name": "d", "visible": false})"));
  ASSERT_EQ(imported.definition.questions_size(), 2) << Notes(imported);
  EXPECT_EQ(imported.definition.questions(1).key(), "c");
  EXPECT_FALSE(imported.definition.questions(1).has_show_if());
}

TEST(ImportTest, TriggersBecomeRoutesAndCompletionPagesEndings) {
  const Imported imported = MustImport(R"({"pages": [
      {"elements": [{"type": "rating", "name": "nps", "rateMin": 0, "rateMax": 10}]},
      {"elements": [{"type": "radiogroup", "name": "fan", "choices": ["yes", "no"]}]},
      {"elements": [{"type": "comment", "name": "why"}]}, {"elements": [{"type": "comment", "name": "last"}]}],
      "completedHtml": "<h3>Thanks</h3><p>See you</p>",
      "completedHtmlOnCondition": [{"expression": "{nps} >= 9", "html": "You are great"}],
      "navigateToUrl": "https://example.com/",
      "triggers": [{"type": "complete", "expression": "{nps} >= 9"},
                   {"type": "skip", "expression": "{fan} = 'no'", "gotoName": "last"},
                   {"type": "skip", "expression": "{fan} = 'no'", "gotoName": "nps"},
                   {"type": "setvalue", "expression": "{nps} < 3", "setToName": "why", "setValue": "x"}]})");
  const v1::SurveyDefinition& definition = imported.definition;
  ASSERT_EQ(definition.endings_size(), 2) << Notes(imported);
  EXPECT_EQ(definition.endings(0).title().at("en"), "Thanks");
  EXPECT_EQ(definition.endings(0).text().at("en"), "See you");
  EXPECT_EQ(definition.endings(0).redirect_url(), "https://example.com/");
  EXPECT_EQ(definition.endings(1).title().at("en"), "You are great");
  ASSERT_EQ(definition.questions(0).routes_size(), 1);
  EXPECT_EQ(definition.questions(0).routes(0).end_with(), definition.endings(1).key());
  ASSERT_EQ(definition.questions(1).routes_size(), 1);
  EXPECT_EQ(definition.questions(1).routes(0).skip_to(), "last");
  EXPECT_TRUE(HasNote(imported, "triggers[2]", "not asked later")) << Notes(imported);
  EXPECT_TRUE(HasNote(imported, "triggers[3]", "setvalue")) << Notes(imported);
}

TEST(ImportTest, CalculatedValues) {
  struct Case {
    const char* expression;
    const char* value;  // empty: it cannot be carried over
  };
  const Case cases[] = {
      {"{a} + {b} * 2",
       "aggregate { function: FUNCTION_SUM terms { field: \"answer.a\" } terms { field: \"answer.b\" weight: 2 } }"},
      {"({a} + {b}) / 2",
       "aggregate { function: FUNCTION_SUM terms { field: \"answer.a\" weight: 0.5 } terms { field: \"answer.b\" "
       "weight: 0.5 } }"},
      {"avg({a}, {b})",
       "aggregate { function: FUNCTION_MEAN terms { field: \"answer.a\" } terms { field: \"answer.b\" } }"},
      {"iif({a} > 3, 'high', 'low')",
       "select { cases { when { compare { field: \"answer.a\" operator: OPERATOR_GREATER value { number_value: 3 } } } "
       "value { "
       "string_value: \"high\" } } cases { value { string_value: \"low\" } } }"},
      {"today()", ""},
      {"{a} * {b}", ""},
  };
  for (const Case& c : cases) {
    const Imported imported = MustImport(Of(
        R"({"type": "rating", "name": "a"}, {"type": "rating", "name": "b"}, {"type": "text", "name": "c", "title": "{v}"})",
        absl::StrCat(R"(, "calculatedValues": [{"name": "v", "expression": ")", c.expression, R"("}])")));
    if (*c.value == '\0') {
      EXPECT_EQ(imported.definition.values_size(), 0) << c.expression;
      EXPECT_TRUE(HasNote(imported, "calculatedValues[0]", "is left out")) << Notes(imported);
      continue;
    }
    ASSERT_EQ(imported.definition.values_size(), 1) << c.expression << Notes(imported);
    EXPECT_EQ(Short(imported.definition.values(0)), absl::StrCat("key: \"v\" ", c.value));
    EXPECT_EQ(imported.definition.questions(2).text().at("en"), "{{value.v}}");
  }
}

TEST(ImportTest, Languages) {
  const Imported german = MustImport(Of(R"({"type": "text", "name": "q", "title": "Warum?"})", R"(, "locale": "de")"));
  EXPECT_EQ(german.definition.default_language(), "de");
  EXPECT_EQ(german.definition.questions(0).text().at("de"), "Warum?");

  const Imported both = MustImport(Of(
      R"({"type": "text", "name": "q", "title": {"default": "Why?", "de": "Warum?", "pt-br": "Por quê?"}},
         {"type": "boolean", "name": "b", "title": {"default": "Sure?", "de": "Sicher?"}})"));
  EXPECT_EQ(both.definition.default_language(), "en");
  EXPECT_THAT(both.definition.languages(), ElementsAre("de"));
  EXPECT_EQ(both.definition.questions(0).text().at("pt-BR"), "Por quê?");
  EXPECT_EQ(both.definition.questions(1).single_choice().options(0).text().at("de"), "Ja");
  EXPECT_TRUE(HasNote(both, "", "pt-BR is not offered yet")) << Notes(both);
}

TEST(ImportTest, TextsAreStrippedAndPiped) {
  const Imported imported = MustImport(Of(
      R"({"type": "text", "name": "First Name", "title": "Your <b>name</b> &amp; more"},
         {"type": "text", "name": "q", "title": "Hi {first name}, {{x}} {contact.city} {later} a < b", "description": "D"},
         {"type": "text", "name": "later"})"));
  EXPECT_EQ(imported.definition.questions(0).key(), "first_name");
  EXPECT_EQ(imported.definition.questions(0).text().at("en"), "Your name & more");
  EXPECT_EQ(imported.definition.questions(1).text().at("en"),
            "Hi {{answer.first_name}}, \\{{x}} {{contact.city}} {later} a < b");
  EXPECT_EQ(imported.definition.questions(1).help().at("en"), "D");
  EXPECT_TRUE(HasNote(imported, "elements[0].title", "HTML")) << Notes(imported);
  EXPECT_TRUE(HasNote(imported, "elements[1]", "asked later")) << Notes(imported);
}

TEST(ImportTest, KeysAreUniqueWhateverTheNamesAre) {
  const Imported imported = MustImport(Of(
      R"({"type": "text", "name": "a"}, {"type": "text", "name": "A"}, {"type": "text", "name": "вопрос"},
         {"type": "text", "name": "1"}, {"type": "text", "name": "firstName"}, {"type": "text"})"));
  std::vector<std::string> keys;
  for (const v1::Question& question : imported.definition.questions()) keys.push_back(question.key());
  EXPECT_THAT(keys, ElementsAre("a", "a_2", "question", "question_1", "first_name", "question_2"));
}

TEST(ImportTest, ForeignDocumentsAreRefusedWithTheirNames) {
  struct Case {
    const char* document;
    const char* words;
  };
  const Case cases[] = {
      {"", "not JSON"},
      {"{\"pages\": ", "not JSON"},
      {"[]", "a list"},
      {"{}", "an empty object"},
      {"7", "a single value"},
      {R"({"SurveyEntry": {"SurveyID": "SV_1"}, "SurveyElements": []})", "Qualtrics"},
      {"<?xml version=\"1.0\"?><document><LimeSurveyDocType>Survey</LimeSurveyDocType></document>",
       "LimeSurvey (.lss)"},
      {"<document><LimeSurveyDocType>Group</LimeSurveyDocType></document>", ".lsg"},
      {"<assessmentItem xmlns=\"http://www.imsglobal.org/xsd/imsqti_v2p2\"/>", "QTI"},
      {"<?xml version=\"1.0\"?>\n<sss version=\"2.0\"/>", "Triple-S"},
      {"<html></html>", "web page"},
      {R"({"$schema": "http://json-schema.org/draft-07/schema#", "properties": {}})", "JSON schema"},
      {R"({"nps_score": 9, "why": "because"})", "answers of a SurveyJS survey"},
      {R"({"default_language": "en", "questions": []})", "survey of Canvass"},
      {"\x1F\x8B", "gzip"},
      {R"({"pages": []})", "has no questions"},
      {R"({"elements": [{"type": "file", "name": "f"}]})", "files are not taken"},
      {R"({"elements": 5})", "nothing of this survey"},
  };
  for (const Case& c : cases) {
    const absl::Status status = Import(c.document).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << c.document;
    EXPECT_THAT(std::string(status.message()), HasSubstr(c.words)) << c.document;
  }
  EXPECT_FALSE(Import(std::string(100'000, '[')).ok());
  EXPECT_FALSE(Import(std::string(std::size_t{5} << 20, ' ')).ok());
}

// Every value of a document in turn becomes something else: whatever it is then, Import comes to an end.
TEST(ImportTest, NothingInADocumentIsTrusted) {
  const nlohmann::json document =
      nlohmann::json::parse(R"js({"title": {"default": "T", "de": "T"}, "locale": "de", "pages": [
      {"name": "p", "visibleIf": "{a} > 1", "title": "x", "elements": [
        {"type": "rating", "name": "a", "rateMin": 1, "rateMax": 5, "rateValues": [1, {"value": 2, "text": "two"}]},
        {"type": "checkbox", "name": "b", "choices": ["x", {"value": "y", "text": {"default": "Y"}}], "maxSelectedChoices": 1},
        {"type": "matrix", "name": "m", "rows": ["r"], "columns": ["c", "d"]},
        {"type": "multipletext", "name": "t", "items": [{"name": "i", "inputType": "number", "min": 1, "max": 2, "step": 1}]},
        {"type": "panel", "title": "P", "elements": [{"type": "dropdown", "name": "d", "choicesMax": 5, "choicesMin": 1}]},
        {"type": "text", "name": "e", "inputType": "date", "min": "2026-01-01", "validators": [{"type": "text", "minLength": 1}]},
        {"type": "boolean", "name": "f", "valueTrue": "y", "labelTrue": "Yes"},
        {"type": "radiogroup", "name": "g", "choicesFromQuestion": "b", "showOtherItem": true}]}],
      "triggers": [{"type": "skip", "expression": "{a} = 1", "gotoName": "e"}, {"type": "complete", "expression": "{a} = 2"},
                   {"type": "visible", "expression": "{a} = 2", "questions": ["b"]}],
      "calculatedValues": [{"name": "v", "expression": "sum({a}, 1)"}],
      "completedHtml": "<b>x</b>", "completedHtmlOnCondition": [{"expression": "{a} = 1", "html": "y"}],
      "navigateToUrlOnCondition": [{"expression": "{a} = 1", "url": "https://x"}]})js");
  const nlohmann::json replacements[] = {nullptr,
                                         true,
                                         -1,
                                         1e300,
                                         "",
                                         "{a",
                                         "\xF0\x9F\x98\x80",
                                         nlohmann::json::array(),
                                         nlohmann::json::object(),
                                         {1, {{"value", 2}}},
                                         {{"default", 5}}};
  int imported = 0;
  const nlohmann::json leaves = document.flatten();
  for (const auto& [path, value] : leaves.items()) {
    nlohmann::json::json_pointer pointer(path);
    while (true) {
      for (const nlohmann::json& replacement : replacements) {
        nlohmann::json changed = document;
        changed[pointer] = replacement;
        imported += Import(changed.dump()).ok() ? 1 : 0;
      }
      if (pointer.empty()) break;
      pointer.pop_back();
      if (pointer.empty()) break;
    }
  }
  EXPECT_GT(imported, 500);
  const std::string text = document.dump();
  for (std::size_t size = 0; size < text.size(); ++size) EXPECT_FALSE(Import(text.substr(0, size)).ok());
}

TEST(ImportTest, LimitsAreKept) {
  std::string elements;
  for (int i = 0; i < 230; ++i)
    absl::StrAppend(&elements, i == 0 ? "" : ",", R"({"type": "text", "name": "q)", i, R"("})");
  EXPECT_EQ(MustImport(Of(elements)).definition.questions_size(), 200);

  std::string choices;
  for (int i = 0; i < 600; ++i) absl::StrAppend(&choices, i == 0 ? "" : ",", i);
  const Imported many =
      MustImport(Of(absl::StrCat(R"({"type": "dropdown", "name": "q", "choices": [)", choices, "]}")));
  EXPECT_EQ(many.definition.questions(0).single_choice().options_size(), 500);
  EXPECT_THAT(Notes(many), HasSubstr("the rest is left out"));

  std::string expression = "{a} = 1";
  for (int i = 0; i < 120; ++i) absl::StrAppend(&expression, " or {a} = ", i);
  const Imported long_condition = MustImport(Of(absl::StrCat(
      R"({"type": "rating", "name": "a"}, {"type": "text", "name": "b", "visibleIf": ")", expression, R"("})")));
  EXPECT_FALSE(long_condition.definition.questions(1).has_show_if());

  const Imported long_text =
      MustImport(Of(absl::StrCat(R"({"type": "text", "name": "q", "title": ")", std::string(6000, 'x'), R"("})")));
  EXPECT_EQ(long_text.definition.questions(0).text().at("en").size(), 5000);
}

}  // namespace
}  // namespace canvass::surveyjs
