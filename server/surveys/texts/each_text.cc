#include "server/surveys/texts/each_text.h"

#include <type_traits>

#include "absl/strings/str_cat.h"

namespace canvass::surveys {
namespace {

// Defines <field>_of(message): what the field holds, as const as the message is.
#define CANVASS_FIELD(field)                  \
  template <typename Message>                 \
  auto& field##_of(Message& message) {        \
    if constexpr (std::is_const_v<Message>) { \
      return message.field();                 \
    } else {                                  \
      return *message.mutable_##field();      \
    }                                         \
  }
CANVASS_FIELD(closed_text)
CANVASS_FIELD(columns)
CANVASS_FIELD(description)
CANVASS_FIELD(endings)
CANVASS_FIELD(help)
CANVASS_FIELD(high_label)
CANVASS_FIELD(low_label)
CANVASS_FIELD(matrix)
CANVASS_FIELD(multiple_choice)
CANVASS_FIELD(number)
CANVASS_FIELD(options)
CANVASS_FIELD(pages)
CANVASS_FIELD(questions)
CANVASS_FIELD(ranking)
CANVASS_FIELD(rating)
CANVASS_FIELD(rows)
CANVASS_FIELD(single_choice)
CANVASS_FIELD(text)
CANVASS_FIELD(title)
CANVASS_FIELD(unit)
#undef CANVASS_FIELD

template <typename Options, typename Visit>
void VisitOptions(const std::string& path, Options& options, const Visit& visit) {
  for (int i = 0; i < options.size(); ++i) visit(absl::StrCat(path, "[", i, "].text"), text_of(options[i]));
}

// `path` is empty, or ends with a dot.
template <typename Question, typename Visit>
void VisitQuestion(const std::string& path, Question& question, const Visit& visit) {
  visit(path + "text", text_of(question));
  visit(path + "help", help_of(question));
  switch (question.kind_case()) {
    case v1::Question::kSingleChoice:
      return VisitOptions(path + "single_choice.options", options_of(single_choice_of(question)), visit);
    case v1::Question::kMultipleChoice:
      return VisitOptions(path + "multiple_choice.options", options_of(multiple_choice_of(question)), visit);
    case v1::Question::kRating:
      visit(path + "rating.low_label", low_label_of(rating_of(question)));
      return visit(path + "rating.high_label", high_label_of(rating_of(question)));
    case v1::Question::kMatrix:
      VisitOptions(path + "matrix.rows", rows_of(matrix_of(question)), visit);
      return VisitOptions(path + "matrix.columns", columns_of(matrix_of(question)), visit);
    case v1::Question::kRanking:
      return VisitOptions(path + "ranking.options", options_of(ranking_of(question)), visit);
    case v1::Question::kNumber:
      return visit(path + "number.unit", unit_of(number_of(question)));
    default:
      return;
  }
}

template <typename Definition, typename Visit>
void VisitAll(Definition& definition, const Visit& visit) {
  visit("title", title_of(definition));
  auto& pages = pages_of(definition);
  for (int i = 0; i < pages.size(); ++i) {
    const std::string path = absl::StrCat("pages[", i, "]");
    visit(path + ".title", title_of(pages[i]));
    visit(path + ".description", description_of(pages[i]));
  }
  auto& questions = questions_of(definition);
  for (int i = 0; i < questions.size(); ++i) {
    VisitQuestion(absl::StrCat("questions[", i, "]."), questions[i], visit);
  }
  auto& endings = endings_of(definition);
  for (int i = 0; i < endings.size(); ++i) {
    const std::string path = absl::StrCat("endings[", i, "]");
    visit(path + ".title", title_of(endings[i]));
    visit(path + ".text", text_of(endings[i]));
  }
  visit("closed_text", closed_text_of(definition));
}

}  // namespace

void ForEachText(const v1::SurveyDefinition& definition,
                 absl::FunctionRef<void(absl::string_view path, const TextMap& text)> visit) {
  VisitAll(definition, visit);
}

void ForEachText(v1::SurveyDefinition& definition,
                 absl::FunctionRef<void(absl::string_view path, TextMap& text)> visit) {
  VisitAll(definition, visit);
}

void ForEachText(v1::Question& question, absl::FunctionRef<void(absl::string_view path, TextMap& text)> visit) {
  VisitQuestion("", question, visit);
}

}  // namespace canvass::surveys
