#include "server/responses/questionnaire/shown_question.h"

#include <optional>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/strings/match.h"
#include "server/responses/questionnaire/option_order.h"
#include "server/surveys/texts/each_text.h"
#include "server/surveys/texts/piped_fact.h"
#include "server/surveys/texts/pipes.h"

namespace canvass::responses {
namespace {

using surveys::PipeValue;

PipeValue ValueOf(const Reader& reader, absl::string_view path) {
  std::optional<std::string> fact = surveys::PipedFact(reader.survey.version->definition(), reader.survey.language,
                                                       reader.facts, reader.answers, path);
  if (!fact.has_value()) return {.kind = PipeValue::Kind::kAbsent};
  return {.kind = PipeValue::Kind::kText, .text = *std::move(fact)};
}

// Replaces the pipes in texts; most have none and stay as they are.
void Fill(surveys::TextMap& texts, absl::FunctionRef<PipeValue(absl::string_view path)> value) {
  for (auto& [language, text] : texts) {
    if (absl::StrContains(text, "{{")) text = surveys::FillPipes(text, value);
  }
}

}  // namespace

std::string ReadText(const Reader& reader, absl::string_view text) {
  return surveys::FillPipes(text, [&](absl::string_view path) { return ValueOf(reader, path); });
}

v1::Question ShownQuestion(const Reader& reader, int place) {
  v1::Question question = reader.survey.definition.questions(place);
  question.clear_show_if();
  question.clear_routes();
  if (!reader.survey.personal) return question;
  surveys::ForEachText(question, [&](absl::string_view, surveys::TextMap& texts) {
    Fill(texts, [&](absl::string_view path) { return ValueOf(reader, path); });
  });
  OrderOptions(reader.seed, question);
  return question;
}

v1::SurveyDefinition WholeDefinition(const Reader& reader) {
  v1::SurveyDefinition definition = reader.survey.definition;
  if (!reader.survey.personal) return definition;
  const auto known = [&](absl::string_view path) -> PipeValue {
    const bool later = absl::StartsWith(path, "answer.") || absl::StartsWith(path, "value.");
    return later ? PipeValue{.kind = PipeValue::Kind::kLater} : ValueOf(reader, path);
  };
  surveys::ForEachText(definition, [&](absl::string_view, surveys::TextMap& texts) { Fill(texts, known); });
  for (v1::Question& question : *definition.mutable_questions()) OrderOptions(reader.seed, question);
  return definition;
}

}  // namespace canvass::responses
