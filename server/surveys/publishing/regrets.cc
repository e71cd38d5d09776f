#include "server/surveys/publishing/regrets.h"

#include <algorithm>
#include <climits>
#include <map>
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/surveys/definition/faults.h"
#include "server/surveys/flow/definition_map.h"
#include "server/surveys/flow/text_references.h"
#include "server/surveys/logic/pages.h"
#include "server/surveys/survey.h"
#include "server/surveys/texts/each_text.h"
#include "server/surveys/texts/languages.h"

namespace canvass::surveys {
namespace {

void FindUnofferedLanguages(const v1::SurveyDefinition& definition, Faults& warnings) {
  const std::vector<std::string> offered = LanguagesOf(definition);
  std::map<std::string, int> texts;
  std::map<std::string, std::string> first;
  ForEachText(definition, [&](absl::string_view path, const TextMap& text) {
    for (const auto& [language, translation] : text) {
      if (absl::c_linear_search(offered, language)) continue;
      first.emplace(language, path);
      ++texts[language];
    }
  });
  for (const auto& [language, count] : texts) {
    // Offered languages may fall back to it.
    const bool falls_back = absl::c_any_of(
        offered, [&](const std::string& each) { return absl::StartsWith(each, absl::StrCat(language, "-")); });
    if (falls_back) continue;
    warnings.Add(absl::StrCat("definition.", first[language], "[\"", language, "\"]"),
                 absl::StrCat(Quoted(language), " is not among the languages on offer, but ", count,
                              count == 1 ? " text has it" : " texts have it"));
  }
}

// The questions that every respondent is shown.
std::vector<bool> AlwaysShown(const v1::SurveyDefinition& definition) {
  std::vector<bool> always(definition.questions_size(), false);
  int led_past = 0;
  for (const PageRange& page : PagesOf(definition)) {
    for (int i = page.first; i < page.end; ++i) {
      const v1::Question& question = definition.questions(i);
      const bool page_always = page.page == nullptr || !page.page->has_show_if();
      always[i] = page_always && !question.has_show_if() && i >= led_past;
      for (const v1::Route& route : question.routes()) {
        led_past = std::max(led_past, route.has_skip_to() ? PlaceOf(definition, route.skip_to()) : INT_MAX);
      }
    }
  }
  return always;
}

bool IsAlwaysThere(const v1::CalculatedValue& value) {
  if (value.has_aggregate()) return value.aggregate().function() == v1::Aggregate::FUNCTION_COUNT;
  return absl::c_any_of(value.select().cases(), [](const v1::Selection::Case& each) { return !each.has_when(); });
}

void FindBarePipes(const DefinitionMap& map, Faults& warnings) {
  const v1::SurveyDefinition& definition = map.definition();
  const std::vector<bool> always_shown = AlwaysShown(definition);
  ForEachPipe(map, [&](absl::string_view path, Horizon, const Pipe& pipe) {
    if (pipe.has_fallback || warnings.Full()) return;
    const std::vector<absl::string_view> parts = absl::StrSplit(pipe.path, '.');
    if (parts.size() < 2) return;
    const int question = parts[0] == "answer" ? map.Question(parts[1]) : -1;
    if (question >= 0 && definition.questions(question).required() && always_shown[question]) return;
    const int value = parts[0] == "value" ? map.Value(parts[1]) : -1;
    if (value >= 0 && IsAlwaysThere(definition.values(value))) return;
    warnings.Add(path, absl::StrCat("the pipe ", Quoted(pipe.path),
                                    " has no fallback for respondents without it: write {{", pipe.path, "|…}}"));
  });
}

void FindDeadRoutes(const v1::SurveyDefinition& definition, Faults& warnings) {
  for (int i = 0; i < definition.questions_size(); ++i) {
    const auto& routes = definition.questions(i).routes();
    const auto always =
        std::find_if(routes.begin(), routes.end(), [](const v1::Route& each) { return !each.has_when(); });
    const int place = static_cast<int>(always - routes.begin());
    if (place + 1 >= routes.size()) continue;
    warnings.Add(absl::StrCat("definition.questions[", i, "].routes[", place + 1, "]"),
                 absl::StrCat("is never taken: routes[", place, "] always is"));
  }
}

bool IsNumber(const v1::Question& question) { return question.has_number() || ScaleOf(question).has_value(); }

void FindTermsWithoutNumbers(const DefinitionMap& map, Faults& warnings) {
  for (int i = 0; i < map.definition().values_size(); ++i) {
    const v1::Aggregate& aggregate = map.definition().values(i).aggregate();
    for (int j = 0; j < aggregate.terms_size(); ++j) {
      const std::vector<absl::string_view> parts = absl::StrSplit(aggregate.terms(j).field(), '.');
      const int question = parts.size() == 2 && parts[0] == "answer" ? map.Question(parts[1]) : -1;
      if (question < 0 || IsNumber(map.definition().questions(question))) continue;
      warnings.Add(absl::StrCat("definition.values[", i, "].aggregate.terms[", j, "].field"),
                   absl::StrCat("an answer to question ", Quoted(parts[1]), " is never a number, so it is left out"));
    }
  }
}

}  // namespace

void FindRegrets(const v1::SurveyDefinition& definition, Violations& warnings) {
  Faults faults(warnings);
  const DefinitionMap map(definition);
  FindDeadRoutes(definition, faults);
  FindTermsWithoutNumbers(map, faults);
  FindBarePipes(map, faults);
  FindUnofferedLanguages(definition, faults);
}

}  // namespace canvass::surveys
