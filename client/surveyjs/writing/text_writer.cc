#include "client/surveyjs/writing/text_writer.h"

#include <map>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "client/surveyjs/html_text.h"
#include "client/surveyjs/logic/each_text.h"
#include "client/surveyjs/reading/languages.h"

namespace canvass::surveyjs {
namespace {

constexpr absl::string_view kEnglish = "en";

// A string where there is one plain text alone.
const TextWriter::Json& Simplest(const TextWriter::Json& texts) {
  return texts.size() == 1 && texts.contains("default") ? texts["default"] : texts;
}

}  // namespace

TextWriter::TextWriter(const v1::SurveyDefinition& definition, Report& report)
    : definition_(definition), report_(report) {
  v1::SurveyDefinition copy = definition;
  ForEachText(copy, [&](const TextPlace&, Texts& text) {
    const bool english = definition.default_language() != std::string(kEnglish) && text.contains(std::string(kEnglish));
    english_beside_default_ = english_beside_default_ || english;
  });
  absl::flat_hash_set<std::string> taken;
  for (const v1::Question& question : definition.questions()) taken.insert(question.key());
  for (int i = 0; i < definition.values_size(); ++i) {
    const std::string& key = definition.values(i).key();
    std::string name = key;
    while (!taken.insert(name).second) name = absl::StrCat("value_", name);
    if (name != key) {
      report.Add(absl::StrCat("values[", i, "]"), absl::StrCat("is called ", name, ": a question is called ", key));
    }
    value_names_[key] = std::move(name);
  }
}

std::string TextWriter::Locale() const {
  return definition_.default_language() == std::string(kEnglish) ? "" : LocaleOfTag(definition_.default_language());
}

void TextWriter::Write(const Texts& text, absl::string_view path, absl::string_view name, Json& object) const {
  if (text.empty()) return;
  Json texts = Json::object();
  const std::map<std::string, std::string> sorted(text.begin(), text.end());
  for (const auto& [language, words] : sorted) Put(language, WithNames(words, path), texts);
  object[std::string(name)] = Simplest(texts);
}

void TextWriter::WriteHtml(const Texts& heading, const Texts& text, absl::string_view path, absl::string_view name,
                           Json& object) const {
  Json texts = Json::object();
  const std::map<std::string, std::string> sorted(heading.begin(), heading.end());
  for (const auto& [language, words] : sorted) {
    const auto below = text.find(language);
    const std::string title = EscapeHtml(WithNames(words, path));
    Put(language,
        below == text.end()
            ? absl::StrCat("<p>", title, "</p>")
            : absl::StrCat("<h3>", title, "</h3><p>", EscapeHtml(WithNames(below->second, path)), "</p>"),
        texts);
  }
  if (!texts.empty()) object[std::string(name)] = Simplest(texts);
}

// `default` is English in SurveyJS as soon as there is any; else it is the default language.
void TextWriter::Put(const std::string& language, std::string text, Json& texts) const {
  const bool plain = english_beside_default_ ? language == kEnglish : language == definition_.default_language();
  texts[plain ? "default" : LocaleOfTag(language)] = std::move(text);
}

std::string TextWriter::NameOf(absl::string_view field) const {
  if (absl::ConsumePrefix(&field, "answer.")) return std::string(field);
  absl::string_view key = field;
  if (!absl::ConsumePrefix(&key, "value.")) return std::string(field);
  const auto name = value_names_.find(std::string(key));
  return name == value_names_.end() ? std::string(key) : name->second;
}

std::string TextWriter::WithNames(absl::string_view text, absl::string_view path) const {
  std::string result;
  while (!text.empty()) {
    const std::size_t open = text.find("{{");
    if (open == absl::string_view::npos) break;
    const bool escaped = open > 0 && text[open - 1] == '\\';
    const std::size_t close = text.find("}}", open);
    if (!escaped && close == absl::string_view::npos) break;
    absl::StrAppend(&result, text.substr(0, escaped ? open - 1 : open));
    if (escaped) {
      result += "{{";
      text.remove_prefix(open + 2);
      continue;
    }
    const absl::string_view inner = text.substr(open + 2, close - open - 2);
    const std::size_t bar = inner.find('|');
    if (bar != absl::string_view::npos) {
      report_.Add(path, absl::StrCat("the words ", Quoted(inner.substr(bar + 1)), " for a missing fact are left out"));
    }
    absl::StrAppend(&result, "{", NameOf(absl::StripAsciiWhitespace(inner.substr(0, bar))), "}");
    text.remove_prefix(close + 2);
  }
  return absl::StrCat(result, text);
}

}  // namespace canvass::surveyjs
