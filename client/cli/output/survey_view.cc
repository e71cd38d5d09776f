#include "client/cli/output/survey_view.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/charts/text_width.h"
#include "client/cli/output/table.h"

namespace canvass::cli {
namespace {

constexpr int kDefaultCsatPoints = 5;
constexpr int kDefaultCesPoints = 7;

std::string TextIn(const google::protobuf::Map<std::string, std::string>& texts, const std::string& language) {
  const auto found = texts.find(language);
  if (found != texts.end()) return found->second;
  return texts.empty() ? "" : texts.begin()->second;
}

// "; price, quality, service" of a choice, empty for others.
std::string OptionKeys(const v1::Question& question) {
  const auto* options = question.has_single_choice()     ? &question.single_choice().options()
                        : question.has_multiple_choice() ? &question.multiple_choice().options()
                                                         : nullptr;
  if (options == nullptr) return "";
  return absl::StrJoin(*options, ", ",
                       [](std::string* out, const v1::ChoiceOption& option) { absl::StrAppend(out, option.key()); });
}

}  // namespace

std::string QuestionKindText(const v1::Question& question) {
  switch (question.kind_case()) {
    case v1::Question::kNps:
      return "nps 0-10";
    case v1::Question::kCsat: {
      const int points = question.csat().points();
      return absl::StrCat("csat 1-", points == 0 ? kDefaultCsatPoints : points);
    }
    case v1::Question::kCes: {
      const int points = question.ces().points();
      const bool effort = question.ces().direction() == v1::CesQuestion::DIRECTION_EFFORT_IS_HIGH;
      return absl::StrCat("ces 1-", points == 0 ? kDefaultCesPoints : points, effort ? ", effort is high" : "");
    }
    case v1::Question::kSingleChoice:
      return absl::StrCat("one of ", OptionKeys(question));
    case v1::Question::kMultipleChoice:
      return absl::StrCat("any of ", OptionKeys(question));
    case v1::Question::kFreeText:
      return "text";
    default:
      return "";
  }
}

std::string DefinitionText(const v1::SurveyDefinition& definition, const Terminal& terminal) {
  Table table({{"QUESTION"}, {.title = "KIND", .fit = Fit::kCut}, {"REQUIRED"}, {.title = "TEXT", .fit = Fit::kCut}});
  for (const v1::Question& question : definition.questions()) {
    table.AddRow({question.key(), QuestionKindText(question), question.required() ? "yes" : "",
                  TextIn(question.text(), definition.default_language())});
  }
  std::string text = absl::StrCat("Language: ", charts::Printable(definition.default_language()), "\n");
  if (!definition.breakdowns().empty()) {
    absl::StrAppend(&text, "Breakdowns: ", charts::Printable(absl::StrJoin(definition.breakdowns(), ", ")), "\n");
  }
  absl::StrAppend(&text, "\n", table.Render(terminal.out, terminal.stdout_is_terminal ? terminal.out.width : 0));
  return text;
}

}  // namespace canvass::cli
