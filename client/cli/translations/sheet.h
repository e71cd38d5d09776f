// A survey's texts as a table for translators, and back: path, source text, translation.
//
//   path,en,cs
//   questions[recommend].text,How likely are you to recommend us?,Doporučili byste nás?
//
// Thread-safe: pure functions.
#ifndef CANVASS_CLIENT_CLI_TRANSLATIONS_SHEET_H_
#define CANVASS_CLIENT_CLI_TRANSLATIONS_SHEET_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "canvass/v1/survey.pb.h"

namespace canvass::cli {

// The table of all texts from the default language to `language`, with the translations that are there.
std::string TranslationSheet(v1::SurveyDefinition definition, const std::string& language);

struct SheetResult {
  // Translations that are new or changed.
  int taken = 0;
  // Rows that say nothing new, or nothing.
  int unchanged = 0;
  // "line 7: questions[old].text: the survey has no such text"; these rows were left out.
  std::vector<std::string> problems;
};

// Puts the translations of `sheet` into `definition`. A row whose source text is another than the survey's now is left
// out, since its translation translates something else. Rows without translation leave what is there.
// InvalidArgument, beginning with the line, if it is no such table, or not from the default language to `language`.
absl::StatusOr<SheetResult> ReadTranslations(absl::string_view sheet, const std::string& language,
                                             v1::SurveyDefinition& definition);

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_TRANSLATIONS_SHEET_H_
