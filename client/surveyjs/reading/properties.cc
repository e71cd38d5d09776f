#include "client/surveyjs/reading/properties.h"

#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/surveyjs/expression/loose_values.h"

namespace canvass::surveyjs {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxListed = 40;

// What becomes of properties that change what is asked or taken.
const absl::flat_hash_map<absl::string_view, absl::string_view>& Consequences() {
  static const auto& consequences = *new absl::flat_hash_map<absl::string_view, absl::string_view>{
      {"enableIf", "it can always be answered here"},
      {"requiredIf", "it is required always or never here"},
      {"defaultValue", "it starts without an answer here"},
      {"defaultValueExpression", "it starts without an answer here"},
      {"correctAnswer", "answers are not marked right or wrong here"},
      {"choicesByUrl", "choices are part of the definition here"},
      {"choicesVisibleIf", "all choices are always shown here"},
      {"choicesEnableIf", "all choices can always be chosen here"},
      {"rowsVisibleIf", "all rows are always shown here"},
      {"columnsVisibleIf", "all columns are always shown here"},
      {"setValueIf", "only the respondent answers here"},
      {"setValueExpression", "only the respondent answers here"},
      {"resetValueIf", "only the respondent answers here"},
      {"readOnly", "it can be answered here"},
      {"valueName", "every question has an answer of its own here"},
      {"minValueExpression", "limits are fixed here"},
      {"maxValueExpression", "limits are fixed here"},
      {"timeLimit", "there is no time limit here"},
      {"timeLimitPerPage", "there is no time limit here"},
      {"maskSettings", "what is typed is not masked here"},
      {"showCommentArea", "there is no field for a comment beside it; ask a free text behind it"},
      {"questionOrder", "questions stand in one order here"},
      {"questionsOrder", "questions stand in one order here"},
      {"cells", "the cells of a matrix have no texts of their own here"},
      {"navigateToUrlOnCondition", "only completedHtmlOnCondition leads to endings here"},
      {"clearInvisibleValues", "see SurveyDefinition.hidden_answers for what becomes of hidden answers"},
  };
  return consequences;
}

std::string Shown(const json& value) {
  const std::string text = LooseText(value);
  return text.empty() ? "" : absl::StrCat(" ", Quoted(Shortened(text, 60)));
}

}  // namespace

const json* FindProperty(const json& object, absl::string_view name) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(std::string(name));
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

const json* Properties::Take(absl::string_view name) {
  taken_.insert(std::string(name));
  return FindProperty(object_, name);
}

std::string Properties::TakeText(absl::string_view name) {
  const json* value = Take(name);
  return value == nullptr ? "" : LooseText(*value);
}

bool Properties::TakeFlag(absl::string_view name, bool otherwise) {
  const json* value = Take(name);
  return value == nullptr ? otherwise : LooseBool(*value).value_or(otherwise);
}

std::optional<double> Properties::TakeNumber(absl::string_view name) {
  const json* value = Take(name);
  return value == nullptr ? std::nullopt : LooseNumber(*value);
}

void Properties::Ignore(std::initializer_list<absl::string_view> names) {
  for (absl::string_view name : names) taken_.insert(std::string(name));
}

std::vector<std::string> Properties::Rest() const {
  std::vector<std::string> rest;
  for (const auto& [name, value] : object_.items()) {
    if (!taken_.contains(name) && !value.is_null()) rest.push_back(Shortened(name, 40));
  }
  return rest;
}

void Properties::ReportRest(Report& report) const {
  std::vector<std::string> rest;
  for (const auto& [name, value] : object_.items()) {
    if (taken_.contains(name) || value.is_null()) continue;
    const auto consequence = Consequences().find(name);
    if (consequence != Consequences().end()) {
      report.Add(path_, absl::StrCat(name, Shown(value), " is left out: ", consequence->second));
    } else if (rest.size() < kMaxListed) {
      rest.push_back(absl::StrCat(Shortened(name, 40), Shown(value)));
    }
  }
  if (!rest.empty()) report.Add(path_, absl::StrCat("not carried over: ", absl::StrJoin(rest, ", ")));
}

}  // namespace canvass::surveyjs
