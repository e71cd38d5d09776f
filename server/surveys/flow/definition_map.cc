#include "server/surveys/flow/definition_map.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/surveys/definition/faults.h"
#include "server/surveys/flow/comparisons.h"

namespace canvass::surveys {
namespace {

// The part behind the root of a fact path.
absl::string_view KeyIn(absl::string_view field) {
  const std::size_t dot = field.find('.');
  if (dot == absl::string_view::npos) return "";
  field.remove_prefix(dot + 1);
  return field.substr(0, field.find('.'));
}

}  // namespace

DefinitionMap::DefinitionMap(const v1::SurveyDefinition& definition) : definition_(definition) {
  Enter(definition.questions(), questions_);
  Enter(definition.values(), values_);
  Enter(definition.endings(), endings_);
  Enter(definition.hidden_fields(), hidden_fields_);
  // A value may read earlier ones alone, so one pass is enough where that is kept.
  for (int i = 0; i < definition.values_size(); ++i) latest_question_.push_back(LatestQuestionOf(i));
}

template <typename List>
void DefinitionMap::Enter(const List& list, Places& places) {
  for (int i = 0; i < list.size(); ++i) {
    if (!places.emplace(list[i].key(), i).second) ambiguous_ = true;
  }
}

int DefinitionMap::Find(const Places& places, absl::string_view key) {
  const auto found = places.find(key);
  return found == places.end() ? -1 : found->second;
}

Horizon DefinitionMap::BeforePage(int page) const {
  const int first = Question(definition_.pages(page).starts_with());
  // A page that starts nowhere is a fault of its own.
  return first < 0 ? AtTheEnd() : Before(first);
}

std::vector<absl::string_view> DefinitionMap::FieldsOf(const v1::CalculatedValue& value) {
  std::vector<absl::string_view> fields;
  for (const v1::Aggregate::Term& term : value.aggregate().terms()) fields.push_back(term.field());
  for (const v1::Selection::Case& each : value.select().cases()) {
    ForEachComparison(each.when(), [&](const v1::Comparison& compare) { fields.push_back(compare.field()); });
  }
  return fields;
}

int DefinitionMap::LatestQuestionOf(int value) const {
  int latest = -1;
  for (absl::string_view field : FieldsOf(definition_.values(value))) {
    if (absl::StartsWith(field, "answer.")) latest = std::max(latest, Question(KeyIn(field)));
    const int earlier = absl::StartsWith(field, "value.") ? Value(KeyIn(field)) : -1;
    if (earlier >= 0 && earlier < value) latest = std::max(latest, latest_question_[earlier]);
  }
  return latest;
}

std::optional<std::string> DefinitionMap::FaultOf(absl::string_view field, Horizon horizon) const {
  const std::vector<absl::string_view> parts = absl::StrSplit(field, '.');
  if (parts[0] == "answer") return AnswerFault(parts, horizon);
  if (parts[0] == "value") return ValueFault(parts, horizon);
  if (parts[0] == "hidden") return HiddenFault(parts);
  return std::nullopt;
}

std::optional<std::string> DefinitionMap::AnswerFault(const std::vector<absl::string_view>& parts,
                                                      Horizon horizon) const {
  const int place = Question(parts[1]);
  const std::string name = absl::StrCat("question ", Quoted(parts[1]));
  if (place < 0) return absl::StrCat(name, " does not exist");
  const v1::Question& question = definition_.questions(place);
  if (question.has_statement()) return absl::StrCat(name, " is a statement, which has no answer");
  if (place == horizon.questions) return absl::StrCat(name, " has no answer yet; refer to earlier questions");
  if (place > horizon.questions) return absl::StrCat(name, " is asked later; refer to earlier questions");
  if (parts.size() == 2) return std::nullopt;
  if (!question.has_matrix() || parts.size() > 3) {
    return absl::StrCat("an answer to ", name, " has no part ", Quoted(parts.back()));
  }
  for (const v1::ChoiceOption& row : question.matrix().rows()) {
    if (absl::string_view(row.key()) == parts[2]) return std::nullopt;
  }
  return absl::StrCat(name, " has no row ", Quoted(parts[2]));
}

std::optional<std::string> DefinitionMap::ValueFault(const std::vector<absl::string_view>& parts,
                                                     Horizon horizon) const {
  const int place = Value(parts[1]);
  const std::string name = absl::StrCat("value ", Quoted(parts[1]));
  if (place < 0) return absl::StrCat(name, " does not exist");
  if (parts.size() > 2) return absl::StrCat(name, " has no part ", Quoted(parts.back()));
  if (place >= horizon.values) return absl::StrCat(name, " is worked out later; refer to earlier values");
  const int latest = latest_question_[place];
  if (latest < horizon.questions) return std::nullopt;
  return absl::StrCat(name, " depends on question ", Quoted(definition_.questions(latest).key()),
                      ", which has no answer yet");
}

std::optional<std::string> DefinitionMap::HiddenFault(const std::vector<absl::string_view>& parts) const {
  const std::string name = absl::StrCat("hidden field ", Quoted(parts[1]));
  if (HiddenField(parts[1]) < 0) return absl::StrCat(name, " is not declared");
  if (parts.size() > 2) return absl::StrCat(name, " has no part ", Quoted(parts.back()));
  return std::nullopt;
}

}  // namespace canvass::surveys
