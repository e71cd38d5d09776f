#include "server/surveys/definition/text_rules.h"

#include <algorithm>
#include <map>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/base/text/characters.h"
#include "server/base/text/language_tag.h"

namespace canvass::surveys {
namespace {

constexpr int kMaxLanguages = 50;
constexpr int kMaxOffered = kMaxLanguages - 1;  // beside the default one
constexpr std::size_t kMaxTagInPath = 100;
constexpr absl::string_view kNoTag = " is not a BCP 47 language tag, for example en or pt-BR";

}  // namespace

void CheckLanguages(const v1::SurveyDefinition& definition, Faults& faults) {
  const std::string& language = definition.default_language();
  if (language.empty()) {
    faults.Add("definition.default_language", "is required, for example en or pt-BR");
  } else if (!IsLanguageTag(language)) {
    faults.Add("definition.default_language", absl::StrCat(Quoted(language), kNoTag));
  }
  faults.CheckCount("definition.languages", definition.languages_size(), 0, kMaxOffered);
  // Tags are the same in any case.
  std::map<std::string, std::string> taken = {{absl::AsciiStrToLower(language), "the default language"}};
  for (int i = 0; i < std::min(definition.languages_size(), kMaxOffered); ++i) {
    const std::string path = absl::StrCat("definition.languages[", i, "]");
    const std::string& tag = definition.languages(i);
    if (!IsLanguageTag(tag)) {
      faults.Add(path, absl::StrCat(Quoted(tag), kNoTag));
      continue;
    }
    const auto [earlier, is_new] = taken.emplace(absl::AsciiStrToLower(tag), path);
    if (!is_new) faults.Add(path, absl::StrCat(Quoted(tag), " is ", earlier->second, " already"));
  }
}

TextRules::TextRules(const v1::SurveyDefinition& definition, Faults& faults)
    : default_language_(definition.default_language()),
      default_is_tag_(IsLanguageTag(default_language_)),
      faults_(faults) {}

void TextRules::Check(const std::string& path, const TextMap& text, Presence presence) const {
  if (faults_.Full()) return;
  if (static_cast<int>(text.size()) > kMaxLanguages) {
    return faults_.Add(path, absl::StrCat("has ", text.size(), " languages; at most ", kMaxLanguages, " are allowed"));
  }
  const bool wanted = presence == Presence::kRequired || !text.empty();
  if (wanted && default_is_tag_ && !text.contains(default_language_)) {
    faults_.Add(path, absl::StrCat("has no text in the default language ", Quoted(default_language_)));
  }
  // By language, so that the same mistakes are always told in the same order.
  const std::map<absl::string_view, absl::string_view> sorted(text.begin(), text.end());
  for (const auto& [tag, value] : sorted) {
    const std::string entry = absl::StrCat(path, "[\"", absl::Utf8SafeCHexEscape(Shorten(tag, kMaxTagInPath)), "\"]");
    if (!IsLanguageTag(tag)) faults_.Add(entry, absl::StrCat(Quoted(tag), kNoTag));
    if (absl::StripAsciiWhitespace(value).empty()) faults_.Add(entry, "must not be blank; leave the language out");
    faults_.CheckLength(entry, value, kMaxTextCharacters);
  }
}

}  // namespace canvass::surveys
