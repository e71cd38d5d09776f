// The languages of a SurveyJS document.
//
// In SurveyJS a text is a string, or an object of texts by language, in which `default` is English unless the document
// says otherwise by its `locale`.
//
// Pure; thread-safe.
#ifndef CANVASS_CLIENT_SURVEYJS_READING_LANGUAGES_H_
#define CANVASS_CLIENT_SURVEYJS_READING_LANGUAGES_H_

#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "absl/strings/string_view.h"
#include "client/surveyjs/report.h"

namespace canvass::surveyjs {

struct DocumentLanguages {
  // Every text falls back to it: SurveyDefinition.default_language.
  std::string default_language;
  // The language of strings, and of `default` in an object.
  std::string plain_language;
};

// Adds a note if the document's `locale` cannot be its default language.
DocumentLanguages LanguagesOf(const nlohmann::json& document, Report& report);

// The other languages that texts of the document are written in, at most 49.
std::set<std::string> OtherLanguages(const nlohmann::json& document, const DocumentLanguages& languages);

// The BCP 47 tag of a locale of SurveyJS: `pt-BR` of `pt-br`, `uk` of `ua`; empty if it is none.
std::string TagOfLocale(absl::string_view locale);

// The other way around.
std::string LocaleOfTag(absl::string_view tag);

}  // namespace canvass::surveyjs

#endif  // CANVASS_CLIENT_SURVEYJS_READING_LANGUAGES_H_
