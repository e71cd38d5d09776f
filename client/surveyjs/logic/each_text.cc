#include "client/surveyjs/logic/each_text.h"

#include <string>

namespace canvass::surveyjs {
namespace {

using Visit = absl::FunctionRef<void(const TextPlace& place, TextMap& text)>;

int PlaceOf(const v1::SurveyDefinition& definition, const std::string& key) {
  for (int i = 0; i < definition.questions_size(); ++i) {
    if (definition.questions(i).key() == key) return i;
  }
  return 0;
}

void VisitOptions(const TextPlace& place, google::protobuf::RepeatedPtrField<v1::ChoiceOption>& options, Visit visit) {
  for (v1::ChoiceOption& option : options) visit(place, *option.mutable_text());
}

void VisitQuestion(const TextPlace& place, v1::Question& question, Visit visit) {
  visit(place, *question.mutable_text());
  visit(place, *question.mutable_help());
  switch (question.kind_case()) {
    case v1::Question::kSingleChoice:
      return VisitOptions(place, *question.mutable_single_choice()->mutable_options(), visit);
    case v1::Question::kMultipleChoice:
      return VisitOptions(place, *question.mutable_multiple_choice()->mutable_options(), visit);
    case v1::Question::kRanking:
      return VisitOptions(place, *question.mutable_ranking()->mutable_options(), visit);
    case v1::Question::kMatrix:
      VisitOptions(place, *question.mutable_matrix()->mutable_rows(), visit);
      return VisitOptions(place, *question.mutable_matrix()->mutable_columns(), visit);
    case v1::Question::kRating:
      visit(place, *question.mutable_rating()->mutable_low_label());
      return visit(place, *question.mutable_rating()->mutable_high_label());
    case v1::Question::kNumber:
      return visit(place, *question.mutable_number()->mutable_unit());
    default:
      return;
  }
}

}  // namespace

void ForEachText(v1::SurveyDefinition& definition, Visit visit) {
  visit({}, *definition.mutable_title());
  for (v1::Page& page : *definition.mutable_pages()) {
    const TextPlace place{.asked = PlaceOf(definition, page.starts_with())};
    visit(place, *page.mutable_title());
    visit(place, *page.mutable_description());
  }
  for (int i = 0; i < definition.questions_size(); ++i) {
    VisitQuestion({.question = i, .asked = i}, *definition.mutable_questions(i), visit);
  }
  for (v1::Ending& ending : *definition.mutable_endings()) {
    const TextPlace place{.asked = definition.questions_size()};
    visit(place, *ending.mutable_title());
    visit(place, *ending.mutable_text());
  }
}

}  // namespace canvass::surveyjs
