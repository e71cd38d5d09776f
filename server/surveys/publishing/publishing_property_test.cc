// Laws of publishing that hold for any definition: what is accepted, nobody gets stuck in; what is refused as never
// shown, nobody is shown.

#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/surveys/definition/check_definition.h"
#include "server/surveys/logic/pages.h"
#include "server/surveys/logic/walk.h"
#include "server/surveys/publishing/check_for_publish.h"
#include "server/surveys/publishing/regrets.h"
#include "server/surveys/survey.h"
#include "server/surveys/testing/definitions.h"
#include "server/surveys/texts/language_report.h"

namespace canvass::surveys {
namespace {

using Answers = google::protobuf::RepeatedPtrField<v1::Answer>;

// Every number equally likely from the first run on.
int Below(int end) { return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(0, end)); }
bool OneIn(int count) { return Below(count) == 0; }

std::string KeyOf(int place) { return absl::StrCat("q", place); }

void AddOptions(int count, google::protobuf::RepeatedPtrField<v1::ChoiceOption>& options) {
  for (int i = 0; i < count; ++i) {
    v1::ChoiceOption& option = *options.Add();
    option.set_key(absl::StrCat("o", i));
    (*option.mutable_text())["en"] = "text";
  }
}

void SetKind(v1::Question& question) {
  switch (Below(9)) {
    case 0:
      question.mutable_nps();
      return;
    case 1:
      return question.mutable_rating()->set_points(2 + Below(3));
    case 2:
      return AddOptions(2, *question.mutable_single_choice()->mutable_options());
    case 3:
      AddOptions(3, *question.mutable_multiple_choice()->mutable_options());
      question.mutable_multiple_choice()->set_min_choices(Below(3));
      question.mutable_multiple_choice()->mutable_options(2)->set_exclusive(OneIn(2));
      return;
    case 4:
      AddOptions(2, *question.mutable_matrix()->mutable_rows());
      return AddOptions(2, *question.mutable_matrix()->mutable_columns());
    case 5:
      question.mutable_number()->set_min(Below(5) / 2.0);
      return question.mutable_number()->set_max(question.number().min() + Below(5) / 2.0);
    case 6:
      return question.mutable_free_text()->set_pattern(static_cast<v1::TextQuestion::Pattern>(Below(5)));
    case 7:
      question.mutable_consent();
      return;
    default:
      question.mutable_statement();
      return;
  }
}

// A comparison that mostly fits some question before `horizon`, or a value or fact.
std::string AnyComparison(const v1::SurveyDefinition& definition, int horizon) {
  const int kind = Below(8);
  if (horizon == 0 || kind == 0) return absl::StrCat("event.total ", OneIn(2) ? "<" : ">=", " ", Below(3));
  if (kind == 1) return absl::StrCat("contact.plan = \"", OneIn(2) ? "free" : "paid", "\"");
  if (kind == 2 && !definition.values().empty()) return absl::StrCat("value.v0 >= ", Below(12));
  const int place = OneIn(30) ? Below(definition.questions_size()) : Below(horizon);
  const v1::Question& question = definition.questions(place);
  const std::string field = absl::StrCat("answer.", question.key());
  if (OneIn(8) && !question.has_statement()) return field + ":*";
  switch (question.kind_case()) {
    case v1::Question::kSingleChoice:
      return absl::StrCat(field, " = \"o", Below(2), "\"");
    case v1::Question::kMultipleChoice:
      return absl::StrCat(field, ":\"o", Below(3), "\"");
    case v1::Question::kMatrix:
      return absl::StrCat(field, ".o", Below(2), " = \"o", Below(2), "\"");
    case v1::Question::kFreeText:
      return absl::StrCat(field, OneIn(2) ? " != " : ":", "\"x\"");
    case v1::Question::kConsent:
      return field + " = true";
    case v1::Question::kNumber:
      return absl::StrCat(field, OneIn(2) ? " < " : " >= ", 1 + Below(2));
    case v1::Question::kStatement:
      return "contact.plan:*";
    default: {
      const Scale scale = *ScaleOf(question);
      return absl::StrCat(field, OneIn(2) ? " <= " : " > ", scale.low + Below(scale.high - scale.low));
    }
  }
}

std::string AnyCondition(const v1::SurveyDefinition& definition, int horizon) {
  std::string text;
  for (int i = Below(3); i >= 0; --i) {
    absl::StrAppend(&text,
                    text.empty() ? ""
                    : OneIn(2)   ? " AND "
                                 : " OR ",
                    OneIn(3) ? "NOT " : "", AnyComparison(definition, horizon));
  }
  return text;
}

void AddRoutes(int place, v1::SurveyDefinition& definition) {
  for (int i = Below(3); i > 0; --i) {
    v1::Route& route = *definition.mutable_questions(place)->add_routes();
    if (!OneIn(5)) route.mutable_when()->set_text(AnyCondition(definition, place + 1));
    if (OneIn(3) && !definition.endings().empty()) {
      route.set_end_with(absl::StrCat("e", Below(definition.endings_size())));
    } else {
      route.set_skip_to(KeyOf(place + 1 + Below(std::max(1, definition.questions_size() - place - 1))));
    }
  }
}

v1::SurveyDefinition AnyDefinition() {
  v1::SurveyDefinition definition;
  definition.set_default_language("en");
  const int questions = 1 + Below(6);
  for (int i = 0; i < questions; ++i) {
    v1::Question& question = *definition.add_questions();
    question.set_key(KeyOf(i));
    (*question.mutable_text())["en"] = "text";
    SetKind(question);
    question.set_required(!question.has_statement() && OneIn(2));
  }
  for (int i = Below(3); i > 0; --i) {
    v1::Ending& ending = *definition.add_endings();
    ending.set_key(absl::StrCat("e", definition.endings_size() - 1));
    (*ending.mutable_title())["en"] = "text";
  }
  if (OneIn(3)) {
    v1::CalculatedValue& value = *definition.add_values();
    value.set_key("v0");
    value.mutable_aggregate()->set_function(static_cast<v1::Aggregate::Function>(1 + Below(5)));
    value.mutable_aggregate()->add_terms()->set_field("answer.q0");
  }
  for (int i = 0; i < questions; ++i) {
    if (OneIn(3)) definition.mutable_questions(i)->mutable_show_if()->set_text(AnyCondition(definition, i));
    if (OneIn(3) && i + 1 < questions) AddRoutes(i, definition);
  }
  for (int i = 0; OneIn(2) && i < questions; i += 1 + Below(3)) {
    v1::Page& page = *definition.add_pages();
    page.set_key(absl::StrCat("p", i));
    page.set_starts_with(KeyOf(i));
    if (OneIn(3)) page.mutable_show_if()->set_text(AnyCondition(definition, i));
  }
  return definition;
}

std::string AnyTextFor(v1::TextQuestion::Pattern pattern) {
  switch (pattern) {
    case v1::TextQuestion::PATTERN_EMAIL:
      return "x@example.com";
    case v1::TextQuestion::PATTERN_PHONE:
      return "+420 123 456 789";
    case v1::TextQuestion::PATTERN_URL:
      return "https://x.example";
    case v1::TextQuestion::PATTERN_NUMBER:
      return "12,5";
    default:
      return OneIn(2) ? "x" : "some text";
  }
}

// An answer that SubmitResponse takes; nullopt if there is none.
std::optional<v1::Answer> AnyAnswer(const v1::Question& question) {
  v1::Answer answer;
  answer.set_question(question.key());
  if (const std::optional<Scale> scale = ScaleOf(question); scale.has_value()) {
    answer.set_score(scale->low + Below(scale->high - scale->low + 1));
    return answer;
  }
  const v1::MultipleChoiceQuestion& many = question.multiple_choice();
  switch (question.kind_case()) {
    case v1::Question::kSingleChoice:
      answer.set_choice(absl::StrCat("o", Below(2)));
      return answer;
    case v1::Question::kMultipleChoice: {
      const bool exclusive = many.options(2).exclusive();
      if (exclusive && OneIn(3)) {
        answer.mutable_choices()->add_keys("o2");
        return answer;
      }
      for (int i = 0; i < std::max(1, many.min_choices()); ++i)
        answer.mutable_choices()->add_keys(absl::StrCat("o", i));
      if (!exclusive && OneIn(2)) answer.mutable_choices()->add_keys("o2");
      return answer;
    }
    case v1::Question::kMatrix:
      for (const char* row : {"o0", "o1"})
        (*answer.mutable_matrix()->mutable_columns())[row] = absl::StrCat("o", Below(2));
      return answer;
    case v1::Question::kNumber: {
      const double least = std::ceil(question.number().min());
      const double greatest = std::floor(question.number().max());
      if (least > greatest) return std::nullopt;
      answer.set_number(least + Below(static_cast<int>(greatest - least) + 1));
      return answer;
    }
    case v1::Question::kFreeText:
      answer.set_text(AnyTextFor(question.free_text().pattern()));
      return answer;
    case v1::Question::kConsent:
      answer.set_consent(question.required() || OneIn(2));
      return answer;
    default:
      return std::nullopt;
  }
}

google::protobuf::Struct AnyFacts() {
  google::protobuf::Struct facts;
  auto& fields = *facts.mutable_fields();
  if (!OneIn(4)) {
    (*fields["event"].mutable_struct_value()->mutable_fields())["total"].set_number_value(Below(4) - 0.5);
  }
  if (!OneIn(4)) {
    (*fields["contact"].mutable_struct_value()->mutable_fields())["plan"].set_string_value(OneIn(2) ? "free" : "paid");
  }
  return facts;
}

// Answers question by question, as a respondent does; every question that was shown stays so.
Walked AnswerAll(const v1::SurveyDefinition& definition) {
  const google::protobuf::Struct facts = AnyFacts();
  Answers answers;
  std::vector<bool> passed;
  for (int place = 0; place < definition.questions_size(); ++place) {
    const Walked walked = Walk(definition, facts, answers);
    RC_ASSERT(std::equal(passed.begin(), passed.end(), walked.shown.begin()));
    passed.push_back(walked.shown[place]);
    const v1::Question& question = definition.questions(place);
    if (!walked.shown[place] || (!question.required() && OneIn(3))) continue;
    const std::optional<v1::Answer> answer = AnyAnswer(question);
    RC_ASSERT(answer.has_value() || !question.required());
    if (answer.has_value()) *answers.Add() = *answer;
  }
  Walked walked = Walk(definition, facts, answers);
  RC_ASSERT(walked.shown == passed);
  RC_ASSERT((walked.ending == nullptr) == definition.endings().empty());
  return walked;
}

RC_GTEST_PROP(PublishingProperty, NobodyGetsStuckInWhatIsAccepted, ()) {
  v1::SurveyDefinition definition = AnyDefinition();
  Violations violations;
  CheckForPublish(definition, violations);
  RC_CLASSIFY(violations.empty(), "accepted");
  if (!violations.empty()) return;
  const v1::SurveyDefinition published = definition;
  Violations none;
  RC_ASSERT(CheckDefinition(definition, none));
  RC_ASSERT(google::protobuf::util::MessageDifferencer::Equals(definition, published));
  for (int i = 0; i < 5; ++i) AnswerAll(definition);
}

RC_GTEST_PROP(PublishingProperty, WhatIsNeverShownIsNeverShown, ()) {
  v1::SurveyDefinition definition = AnyDefinition();
  RC_LOG() << definition.DebugString();
  Violations violations;
  CheckForPublish(definition, violations);
  std::vector<int> questions;
  std::vector<const v1::Ending*> endings;
  Violations none;
  CheckDefinition(definition, none);
  for (const FieldViolation& violation : violations.list()) {
    if (!absl::StartsWith(violation.description, "is never shown")) return;  // the rest may not be walkable
    for (int i = 0; i < definition.questions_size(); ++i) {
      if (violation.field == absl::StrCat("definition.questions[", i, "]")) questions.push_back(i);
    }
    for (int i = 0; i < definition.endings_size(); ++i) {
      if (violation.field == absl::StrCat("definition.endings[", i, "]")) endings.push_back(&definition.endings(i));
    }
  }
  RC_CLASSIFY(!questions.empty(), "with a question that is never shown");
  RC_CLASSIFY(!endings.empty(), "with an ending that is never shown");
  for (int i = 0; i < 40 && !(questions.empty() && endings.empty()); ++i) {
    const Walked walked = AnswerAll(definition);
    for (int question : questions) RC_ASSERT(!walked.shown[question]);
    for (const v1::Ending* ending : endings) RC_ASSERT(walked.ending != ending);
  }
}

// Some bytes of a good definition are other ones, gone or there twice.
std::string Damaged(std::string bytes) {
  for (int i = Below(3); i >= 0; --i) {
    const auto at = static_cast<std::size_t>(Below(static_cast<int>(bytes.size())));
    switch (OneIn(4) ? 1 + Below(2) : 0) {  // most lengths stay right
      case 0:
        bytes[at] = static_cast<char>(Below(256));
        break;
      case 1:
        bytes.erase(at, 1 + Below(3));
        break;
      default:
        bytes.insert(at, bytes.substr(at, 1 + Below(40)));
        break;
    }
    if (bytes.empty()) bytes = "x";
  }
  return bytes;
}

RC_GTEST_PROP(PublishingProperty, DamagedDefinitionsDoNoHarm, ()) {
  v1::SurveyDefinition definition;
  const std::string bytes = (OneIn(2) ? testing::RealSurvey() : AnyDefinition()).SerializeAsString();
  const bool parsed = definition.ParseFromString(Damaged(bytes));
  RC_CLASSIFY(parsed, "parsed");
  if (!parsed) return;
  Violations violations;
  const bool keeps_limits = CheckForPublish(std::as_const(definition), violations);
  RC_CLASSIFY(violations.empty(), "accepted");
  if (!keeps_limits) return RC_ASSERT(!violations.empty());
  Violations warnings;
  FindRegrets(definition, warnings);
  RC_ASSERT(ReportLanguages(definition).size() > 0u);
  Violations for_save;
  CheckDefinition(definition, for_save);
  RC_ASSERT(for_save.list().size() <= violations.list().size());
  RC_ASSERT(Walk(definition, {}, {}).shown.size() == static_cast<std::size_t>(definition.questions_size()));
}

RC_GTEST_PROP(PublishingProperty, WhatIsStoredIsTheSameWhenSavedAgain, ()) {
  v1::SurveyDefinition definition = AnyDefinition();
  Violations violations;
  CheckDefinition(definition, violations);
  if (!violations.empty()) return;
  const v1::SurveyDefinition stored = definition;
  RC_ASSERT(CheckDefinition(definition, violations));
  RC_ASSERT(violations.empty());
  RC_ASSERT(google::protobuf::util::MessageDifferencer::Equals(definition, stored));
}

}  // namespace
}  // namespace canvass::surveys
