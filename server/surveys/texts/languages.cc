#include "server/surveys/texts/languages.h"

#include <utility>

#include "absl/strings/match.h"

namespace canvass::surveys {
namespace {

// `tag` without its last subtag, and without a single letter that would then stand last (RFC 4647, 3.4); empty if there
// is but one.
absl::string_view Broader(absl::string_view tag) {
  const std::size_t dash = tag.rfind('-');
  if (dash == absl::string_view::npos) return "";
  tag = tag.substr(0, dash);
  return tag.size() >= 2 && tag[tag.size() - 2] == '-' ? tag.substr(0, tag.size() - 2) : tag;
}

}  // namespace

std::vector<std::string> LanguagesOf(const v1::SurveyDefinition& definition) {
  std::vector<std::string> languages = {definition.default_language()};
  for (const std::string& language : definition.languages()) {
    if (language != definition.default_language()) languages.push_back(language);
  }
  return languages;
}

std::string ChooseLanguage(const v1::SurveyDefinition& definition, absl::string_view wanted) {
  for (; !wanted.empty(); wanted = Broader(wanted)) {
    if (absl::EqualsIgnoreCase(definition.default_language(), wanted)) break;
    for (const std::string& language : definition.languages()) {
      if (absl::EqualsIgnoreCase(language, wanted)) return language;
    }
  }
  return definition.default_language();
}

absl::string_view TextIn(const TextMap& text, absl::string_view language, absl::string_view default_language) {
  for (; !language.empty(); language = Broader(language)) {
    const auto found = text.find(std::string(language));
    if (found != text.end()) return found->second;
  }
  const auto found = text.find(std::string(default_language));
  return found == text.end() ? absl::string_view() : absl::string_view(found->second);
}

v1::SurveyDefinition InLanguage(const v1::SurveyDefinition& definition, const std::string& language) {
  v1::SurveyDefinition one = definition;
  ForEachText(one, [&](absl::string_view, TextMap& text) {
    if (text.empty()) return;
    std::string chosen(TextIn(text, language, definition.default_language()));
    text.clear();
    text[language] = std::move(chosen);
  });
  return one;
}

}  // namespace canvass::surveys
