#include "server/surveys/testing/definitions.h"

#include <google/protobuf/repeated_ptr_field.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "server/surveys/definition/check_definition.h"
#include "server/surveys/publishing/check_for_publish.h"

namespace canvass::surveys::testing {
namespace {

using google::protobuf::RepeatedPtrField;

template <typename Message>
void Name(Message& message, google::protobuf::Map<std::string, std::string>& text) {
  if (text.empty()) text["en"] = message.key();
}

void NameAll(RepeatedPtrField<v1::ChoiceOption>& options) {
  for (v1::ChoiceOption& option : options) Name(option, *option.mutable_text());
}

void NameOptions(v1::Question& question) {
  if (question.has_single_choice()) NameAll(*question.mutable_single_choice()->mutable_options());
  if (question.has_multiple_choice()) NameAll(*question.mutable_multiple_choice()->mutable_options());
  if (question.has_ranking()) NameAll(*question.mutable_ranking()->mutable_options());
  if (!question.has_matrix()) return;
  NameAll(*question.mutable_matrix()->mutable_rows());
  NameAll(*question.mutable_matrix()->mutable_columns());
}

constexpr char kRealSurvey[] = R"pb(
  default_language: "cs"
  languages: "en"
  title { key: "cs" value: "Vaše návštěva, {{contact.first_name|milý hoste}}" }
  title { key: "en" value: "Your visit, {{contact.first_name|dear guest}}" }
  breakdowns: "contact.country"
  questions {
    key: "recommend"
    required: true
    text { key: "cs" value: "Doporučíte nás?" }
    text { key: "en" value: "Would you recommend us?" }
    nps {}
    tags { touchpoint: "checkout" experience_level: EXPERIENCE_LEVEL_EMOTIONAL }
  }
  questions {
    key: "what_went_wrong"
    required: true
    text { key: "cs" value: "Co se nepovedlo?" }
    text { key: "en" value: "What went wrong?" }
    show_if { text: "answer.recommend <= 6" }
    multiple_choice {
      options {
        key: "staff"
        text { key: "cs" value: "Obsluha" }
        text { key: "en" value: "Staff" }
      }
      options {
        key: "price"
        text { key: "cs" value: "Cena" }
        text { key: "en" value: "Price" }
      }
      options {
        key: "other"
        other: true
        text { key: "cs" value: "Jiné" }
        text { key: "en" value: "Other" }
      }
      options {
        key: "none"
        exclusive: true
        text { key: "cs" value: "Nic" }
        text { key: "en" value: "Nothing" }
      }
      min_choices: 1
      max_choices: 2
      order: OPTION_ORDER_SHUFFLED
    }
    routes {
      when { text: "answer.what_went_wrong:\"none\"" }
      skip_to: "overall"
    }
  }
  questions {
    key: "staff_story"
    text { key: "cs" value: "Dali jste nám {{answer.recommend}}. Co se stalo?" }
    text { key: "en" value: "You gave us {{answer.recommend}}. What happened?" }
    show_if { text: "answer.what_went_wrong:\"staff\"" }
    free_text { multiline: true max_length: 1000 }
  }
  questions {
    key: "what_was_good"
    text { key: "cs" value: "Co se líbilo?" }
    text { key: "en" value: "What did you like?" }
    show_if { text: "answer.recommend >= 9 AND NOT event.total < 100" }
    free_text {}
  }
  questions {
    key: "overall"
    required: true
    text { key: "cs" value: "Jak jste spokojeni?" }
    text { key: "en" value: "How satisfied are you?" }
    matrix {
      rows {
        key: "food"
        text { key: "cs" value: "Jídlo" }
        text { key: "en" value: "Food" }
      }
      rows {
        key: "place"
        text { key: "cs" value: "Místo" }
        text { key: "en" value: "Place" }
      }
      columns {
        key: "bad"
        text { key: "cs" value: "Málo" }
        text { key: "en" value: "Little" }
      }
      columns {
        key: "good"
        text { key: "cs" value: "Hodně" }
        text { key: "en" value: "A lot" }
      }
    }
  }
  questions {
    key: "call_me"
    text { key: "cs" value: "Smíme zavolat?" }
    text { key: "en" value: "May we call you?" }
    show_if { text: "value.mood = \"upset\" OR answer.overall.food = \"bad\"" }
    consent { document: "call-2026" }
    routes {
      when { text: "answer.call_me = true" }
      end_with: "we_call"
    }
  }
  pages { key: "start" starts_with: "recommend" }
  pages {
    key: "why"
    starts_with: "what_went_wrong"
    title { key: "cs" value: "Proč {{answer.recommend}}?" }
    title { key: "en" value: "Why {{answer.recommend}}?" }
    show_if { text: "answer.recommend != 8" }
  }
  pages { key: "more" starts_with: "overall" }
  endings {
    key: "thanks"
    title { key: "cs" value: "Děkujeme" }
    title { key: "en" value: "Thank you" }
    redirect_url: "https://example.com/?utm=nps"
  }
  endings {
    key: "we_call"
    title { key: "cs" value: "Zavoláme" }
    title { key: "en" value: "We will call" }
  }
  endings {
    key: "full"
    title { key: "cs" value: "Už máme dost" }
    title { key: "en" value: "We have enough" }
  }
  values {
    key: "mood"
    select {
      cases {
        when { text: "answer.recommend <= 6" }
        value { string_value: "upset" }
      }
      cases { value { string_value: "fine" } }
    }
  }
  values {
    key: "double"
    aggregate {
      function: FUNCTION_SUM
      terms { field: "answer.recommend" weight: 2 }
    }
  }
  quotas {
    key: "happy"
    limit: 100
    when { text: "value.double >= 18" }
    ending: "full"
  }
  hidden_answers: HIDDEN_ANSWERS_DROP
)pb";

}  // namespace

v1::SurveyDefinition Define(const std::string& text) {
  v1::SurveyDefinition definition;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &definition)) << text;
  if (definition.default_language().empty()) definition.set_default_language("en");
  for (v1::Question& question : *definition.mutable_questions()) {
    Name(question, *question.mutable_text());
    NameOptions(question);
  }
  for (v1::Ending& ending : *definition.mutable_endings()) Name(ending, *ending.mutable_title());
  return definition;
}

v1::SurveyDefinition DefineSaved(const std::string& text) {
  v1::SurveyDefinition definition = Define(text);
  Violations violations;
  CheckDefinition(definition, violations);
  EXPECT_TRUE(violations.empty()) << ::testing::PrintToString(TextsOf(violations));
  return definition;
}

v1::SurveyDefinition DefineWith(const std::string& text) {
  std::string questions;
  for (const char* key : {"a", "b", "c"}) {
    absl::StrAppend(&questions, "questions { key: '", key,
                    "' single_choice { options { key: 'yes' } options { key: 'no' } } } ");
  }
  return Define(absl::StrCat(questions, "questions { key: 'nps' nps {} } ", text));
}

std::vector<std::string> TextsOf(const Violations& violations) {
  std::vector<std::string> texts;
  for (const FieldViolation& violation : violations.list()) {
    texts.push_back(absl::StrCat(violation.field, ": ", violation.description));
  }
  return texts;
}

std::vector<std::string> PublishFaults(const v1::SurveyDefinition& definition) {
  Violations violations;
  CheckForPublish(definition, violations);
  return TextsOf(violations);
}

v1::SurveyDefinition RealSurvey() { return Define(kRealSurvey); }

}  // namespace canvass::surveys::testing
