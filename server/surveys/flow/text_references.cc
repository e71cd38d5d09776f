#include "server/surveys/flow/text_references.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "server/conditions/facts.h"
#include "server/surveys/definition/condition_rules.h"
#include "server/surveys/texts/each_text.h"
#include "server/surveys/texts/language_report.h"
#include "server/surveys/texts/languages.h"

namespace canvass::surveys {
namespace {

// The number behind `prefix`, as in questions[12].text.
std::optional<int> PlaceIn(absl::string_view path, absl::string_view prefix) {
  if (!absl::ConsumePrefix(&path, prefix)) return std::nullopt;
  int place = 0;
  return absl::SimpleAtoi(path.substr(0, path.find(']')), &place) ? std::optional(place) : std::nullopt;
}

// What is known when the text at `path` is read.
Horizon HorizonOf(const DefinitionMap& map, absl::string_view path) {
  if (path == "title") return map.Before(0);
  if (const auto page = PlaceIn(path, "pages["); page.has_value()) return map.BeforePage(*page);
  if (const auto question = PlaceIn(path, "questions["); question.has_value()) return map.Before(*question);
  return map.AtTheEnd();
}

// Calls `visit` for every text in every language.
void ForEachTranslation(
    const v1::SurveyDefinition& definition,
    absl::FunctionRef<void(absl::string_view path, absl::string_view at, absl::string_view)> visit) {
  ForEachText(definition, [&](absl::string_view path, const TextMap& text) {
    const std::map<absl::string_view, absl::string_view> sorted(text.begin(), text.end());
    for (const auto& [language, translation] : sorted) {
      if (!absl::StrContains(translation, "{{")) continue;
      visit(path, absl::StrCat("definition.", path, "[\"", language, "\"]"), translation);
    }
  });
}

}  // namespace

void ForEachPipe(const DefinitionMap& map,
                 absl::FunctionRef<void(absl::string_view path, Horizon horizon, const Pipe& pipe)> visit) {
  const auto visit_text = [&](absl::string_view path, absl::string_view at, absl::string_view text) {
    for (const Pipe& pipe : PipesOf(text)) visit(at, HorizonOf(map, path), pipe);
  };
  ForEachTranslation(map.definition(), visit_text);
}

void CheckPipes(const DefinitionMap& map, Faults& faults) {
  const auto check_text = [&](absl::string_view path, absl::string_view at, absl::string_view text) {
    if (faults.Full()) return;
    if (HasOpenPipe(text)) faults.Add(at, "opens a pipe with {{ that no }} closes; \\{{ stands for two braces");
    for (const Pipe& pipe : PipesOf(text)) {
      if (!conditions::IsFactPath(pipe.path, FactRoots())) {
        faults.Add(at, absl::StrCat("the pipe ", Quoted(pipe.path),
                                    " is not answer.<question>, value.<key>, contact.<path>, event.<path> or "
                                    "hidden.<key>"));
        continue;
      }
      const std::optional<std::string> fault = map.FaultOf(pipe.path, HorizonOf(map, path));
      if (fault.has_value()) faults.Add(at, absl::StrCat("the pipe ", Quoted(pipe.path), ": ", *fault));
    }
  };
  ForEachTranslation(map.definition(), check_text);
}

void CheckTranslations(const v1::SurveyDefinition& definition, Faults& faults) {
  std::vector<std::string> languages = LanguagesOf(definition);
  languages.erase(languages.begin());  // the default language is what every save checks
  ForEachText(definition, [&](absl::string_view path, const TextMap& text) {
    if (text.empty()) return;
    for (const std::string& language : languages) {
      if (faults.Full()) return;
      if (IsTranslated(text, language)) continue;
      faults.Add(absl::StrCat("definition.", path, "[\"", language, "\"]"),
                 absl::StrCat("is missing; the survey is offered in ", Quoted(language)));
    }
  });
}

}  // namespace canvass::surveys
