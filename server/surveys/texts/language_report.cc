#include "server/surveys/texts/language_report.h"

#include <algorithm>
#include <set>
#include <string>

#include "server/surveys/texts/languages.h"

namespace canvass::surveys {
namespace {

constexpr int kMaxMissing = 1000;
// Of those that are not on offer; a survey that was written by mistake or malice may have thousands.
constexpr std::size_t kMaxOthers = 50;

}  // namespace

bool IsTranslated(const TextMap& text, absl::string_view language) {
  // No default language to fall back to.
  return !TextIn(text, language, "").empty();
}

std::vector<v1::LanguageReport> ReportLanguages(const v1::SurveyDefinition& definition) {
  std::vector<std::string> languages = LanguagesOf(definition);
  const std::size_t offered = languages.size();
  std::set<std::string> others;
  ForEachText(definition, [&](absl::string_view, const TextMap& text) {
    for (const auto& [language, translation] : text) others.insert(language);
  });
  for (const std::string& language : languages) others.erase(language);
  for (const std::string& language : others) {
    if (languages.size() - offered < kMaxOthers) languages.push_back(language);
  }

  std::vector<v1::LanguageReport> reports(languages.size());
  for (std::size_t i = 0; i < languages.size(); ++i) {
    reports[i].set_language(languages[i]);
    reports[i].set_offered(i < offered);
  }
  ForEachText(definition, [&](absl::string_view path, const TextMap& text) {
    if (text.empty()) return;
    for (v1::LanguageReport& report : reports) {
      report.set_texts(report.texts() + 1);
      if (IsTranslated(text, report.language())) {
        report.set_translated(report.translated() + 1);
      } else if (report.missing_size() < kMaxMissing) {
        report.add_missing(std::string(path));
      }
    }
  });
  return reports;
}

}  // namespace canvass::surveys
