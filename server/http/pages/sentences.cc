#include "server/http/pages/sentences.h"

#include <algorithm>
#include <map>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "server/base/text/language_tag.h"
#include "server/http/pages/templates.h"

namespace canvass::http {
namespace {

constexpr char kFallback[] = "en";
constexpr std::size_t kMaxPreferred = 10;

Sentences::Table ParseTable(absl::string_view file) {
  Sentences::Table table;
  for (absl::string_view line : absl::StrSplit(file, '\n')) {
    const std::size_t equals = line.find(" = ");
    if (absl::StartsWith(line, "#") || equals == absl::string_view::npos) continue;
    table.emplace(line.substr(0, equals), line.substr(equals + 3));
  }
  return table;
}

// Of every language, parsed once for the life of the process.
const std::map<std::string, Sentences::Table>& Tables() {
  static const auto* const tables = [] {
    auto* all = new std::map<std::string, Sentences::Table>();
    for (const PageFile& file : PageTexts()) all->emplace(file.name, ParseTable(file.content));
    return all;
  }();
  return *tables;
}

}  // namespace

Sentences Sentences::In(absl::string_view language) {
  std::string primary = absl::AsciiStrToLower(language.substr(0, language.find('-')));
  const auto& tables = Tables();
  const Table& english = tables.find(kFallback)->second;
  const auto own = tables.find(primary);
  if (own == tables.end()) return Sentences(kFallback, english, english);
  return Sentences(std::move(primary), own->second, english);
}

Sentences::Table Sentences::TableOf(absl::string_view language) {
  const auto found = Tables().find(std::string(language));
  return found == Tables().end() ? Table() : found->second;
}

std::vector<std::string> Sentences::Languages() {
  std::vector<std::string> languages;
  for (const auto& [language, table] : Tables()) languages.push_back(language);
  return languages;
}

absl::string_view Sentences::Get(absl::string_view key) const {
  if (const auto own = table_.find(key); own != table_.end()) return own->second;
  const auto english = english_.find(key);
  return english == english_.end() ? absl::string_view() : english->second;
}

std::string Sentences::Fill(absl::string_view key,
                            const std::vector<std::pair<absl::string_view, std::string>>& values) const {
  // All at once, so that a value that holds braces is not filled in itself.
  std::vector<std::string> marks;
  std::vector<std::pair<absl::string_view, absl::string_view>> replacements;
  for (const auto& [name, value] : values) marks.push_back(absl::StrCat("{", name, "}"));
  for (std::size_t i = 0; i < values.size(); ++i) replacements.emplace_back(marks[i], values[i].second);
  return absl::StrReplaceAll(Get(key), replacements);
}

std::vector<std::string> PreferredLanguages(absl::string_view accept_language) {
  std::vector<std::pair<double, std::string>> weighted;
  for (absl::string_view item : absl::StrSplit(accept_language, ',')) {
    const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(item, absl::MaxSplits(';', 1));
    const absl::string_view tag = absl::StripAsciiWhitespace(parts.first);
    absl::string_view weight_text = absl::StripAsciiWhitespace(parts.second);
    double weight = 1;
    if (absl::ConsumePrefix(&weight_text, "q=") && !absl::SimpleAtod(weight_text, &weight)) continue;
    if (IsLanguageTag(tag) && weight > 0) weighted.emplace_back(weight, tag);
    if (weighted.size() == kMaxPreferred) break;
  }
  std::stable_sort(weighted.begin(), weighted.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<std::string> languages;
  for (auto& [weight, tag] : weighted) languages.push_back(std::move(tag));
  return languages;
}

}  // namespace canvass::http
