#include "client/cli/templates/template_library.h"

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace canvass::cli {
namespace {

// What stands behind `key: ` in its line; empty if there is no such line.
absl::string_view LineValue(absl::string_view yaml, absl::string_view key) {
  for (absl::string_view line : absl::StrSplit(yaml, '\n')) {
    if (absl::ConsumePrefix(&line, key) && absl::ConsumePrefix(&line, ": ")) return line;
  }
  return "";
}

// "      cs: Jak …" → "cs"; empty for lines that are no text in one of `languages`.
absl::string_view LanguageOf(absl::string_view line, const std::vector<std::string>& languages) {
  const std::size_t start = line.find_first_not_of(' ');
  if (start == absl::string_view::npos || start == 0) return "";
  const absl::string_view key = line.substr(start, line.find(':', start) - start);
  return absl::c_linear_search(languages, key) ? key : absl::string_view();
}

// The lines of one template in some languages.
class Filler {
 public:
  Filler(const std::vector<std::string>& all, const TemplateOptions& options) : all_(all), options_(options) {}

  std::string Fill(absl::string_view yaml) {
    for (const absl::string_view line : absl::StrSplit(absl::StripSuffix(yaml, "\n"), '\n')) Add(line);
    return absl::StrJoin(lines_, "\n") + "\n";
  }

 private:
  void Add(absl::string_view line) {
    const std::vector<std::string>& wanted = options_.languages;
    if (!options_.id.empty() && absl::ConsumePrefix(&line, "id: ")) {
      lines_.push_back(absl::StrCat("id: ", options_.id));
    } else if (absl::ConsumePrefix(&line, "default_language: ")) {
      lines_.push_back(absl::StrCat("default_language: ", wanted.front()));
    } else if (absl::ConsumePrefix(&line, "languages: ")) {
      if (wanted.size() == 1) return;
      lines_.push_back(absl::StrCat("languages: [", absl::StrJoin(wanted.begin() + 1, wanted.end(), ", "), "]"));
    } else if (const absl::string_view language = LanguageOf(line, all_); language.empty()) {
      lines_.emplace_back(line);
    } else if (absl::c_linear_search(wanted, language)) {
      AddText(line, language);
    }
  }

  // The only language needs no map.
  void AddText(absl::string_view line, absl::string_view language) {
    if (options_.languages.size() > 1) {
      lines_.emplace_back(line);
      return;
    }
    absl::StrAppend(&lines_.back(), line.substr(line.find(language) + language.size() + 1));
  }

  const std::vector<std::string>& all_;
  const TemplateOptions& options_;
  std::vector<std::string> lines_;
};

}  // namespace

const SurveyTemplate* FindTemplate(absl::string_view name) {
  for (const SurveyTemplate& one : SurveyTemplates()) {
    if (one.name == name) return &one;
  }
  return nullptr;
}

std::string AboutTemplate(const SurveyTemplate& one) {
  return std::string(absl::StripPrefix(one.yaml.substr(0, one.yaml.find('\n')), "# "));
}

std::vector<std::string> TemplateLanguages(const SurveyTemplate& one) {
  std::vector<std::string> languages = {std::string(LineValue(one.yaml, "default_language"))};
  const absl::string_view others = absl::StripSuffix(absl::StripPrefix(LineValue(one.yaml, "languages"), "["), "]");
  for (const absl::string_view language : absl::StrSplit(others, ", ", absl::SkipEmpty())) {
    languages.emplace_back(language);
  }
  return languages;
}

absl::StatusOr<std::string> FillTemplate(const SurveyTemplate& one, const TemplateOptions& options) {
  const std::vector<std::string> all = TemplateLanguages(one);
  for (const std::string& language : options.languages) {
    if (absl::c_linear_search(all, language)) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("template ", one.name, " is written in ", absl::StrJoin(all, ", "), ", not in '", language,
                     "'; translate it: canvass survey translations FILE --to ", language));
  }
  TemplateOptions filled = options;
  if (filled.languages.empty()) filled.languages = all;
  return Filler(all, filled).Fill(one.yaml);
}

}  // namespace canvass::cli
