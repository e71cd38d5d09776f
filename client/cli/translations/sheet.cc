#include "client/cli/translations/sheet.h"

#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "client/cli/documents/nearest.h"
#include "client/cli/translations/csv.h"
#include "client/cli/translations/texts.h"

namespace canvass::cli {
namespace {

constexpr std::size_t kPath = 0;
constexpr std::size_t kSource = 1;
constexpr std::size_t kTranslation = 2;

std::string TextIn(const Texts& texts, const std::string& language) {
  const auto found = texts.find(language);
  return found == texts.end() ? "" : found->second;
}

// Spreadsheets end the lines within a cell in their own way.
std::string WithLineFeeds(absl::string_view text) { return absl::StrReplaceAll(text, {{"\r\n", "\n"}}); }

absl::Status CheckHeader(const std::vector<CsvRow>& rows, const std::string& source, const std::string& language) {
  const std::vector<std::string> wanted = {"path", source, language};
  if (!rows.empty() && rows.front().fields == wanted) return absl::OkStatus();
  const std::string found = rows.empty() ? "nothing" : absl::StrCat("'", absl::StrJoin(rows.front().fields, ","), "'");
  return absl::InvalidArgumentError(
      absl::StrCat("1: the first line must be '", absl::StrJoin(wanted, ","), "', as --export writes it, not ", found));
}

}  // namespace

std::string TranslationSheet(v1::SurveyDefinition definition, const std::string& language) {
  const std::string& source = definition.default_language();
  std::string sheet = CsvLine({"path", source, language});
  for (const LocatedText& text : TextsOf(definition)) {
    absl::StrAppend(&sheet, CsvLine({text.path, TextIn(*text.texts, source), TextIn(*text.texts, language)}));
  }
  return sheet;
}

absl::StatusOr<SheetResult> ReadTranslations(absl::string_view sheet, const std::string& language,
                                             v1::SurveyDefinition& definition) {
  const absl::StatusOr<std::vector<CsvRow>> rows = ParseCsv(sheet);
  if (!rows.ok()) return rows.status();
  absl::Status status = CheckHeader(*rows, definition.default_language(), language);
  if (!status.ok()) return status;
  std::map<std::string, Texts*> texts;
  std::vector<std::string> paths;
  for (const LocatedText& text : TextsOf(definition)) {
    texts[text.path] = text.texts;
    paths.push_back(text.path);
  }
  SheetResult result;
  for (std::size_t i = 1; i < rows->size(); ++i) {
    const CsvRow& row = (*rows)[i];
    const auto refuse = [&](absl::string_view why) {
      result.problems.push_back(absl::StrCat("line ", row.line, ": ", row.fields[kPath], ": ", why));
    };
    const auto found = texts.find(row.fields[kPath]);
    if (row.fields.size() <= kSource) {
      refuse(absl::StrCat("has ", row.fields.size(), " fields instead of 3"));
    } else if (found == texts.end()) {
      const std::string near = Nearest(row.fields[kPath], paths);
      refuse(
          absl::StrCat("the survey has no such text", near.empty() ? "" : absl::StrCat("; did you mean ", near, "?")));
    } else if (row.fields.size() <= kTranslation || row.fields[kTranslation].empty()) {
      ++result.unchanged;
    } else if (WithLineFeeds(row.fields[kSource]) !=
               WithLineFeeds(TextIn(*found->second, definition.default_language()))) {
      refuse("the source text has changed since; export it again");
    } else {
      std::string& translation = (*found->second)[language];
      const std::string wanted = WithLineFeeds(row.fields[kTranslation]);
      ++(translation == wanted ? result.unchanged : result.taken);
      translation = wanted;
    }
  }
  return result;
}

}  // namespace canvass::cli
