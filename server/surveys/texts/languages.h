// Which language a respondent reads: the wanted one as near as the survey offers it.
//
// Pure; thread-safe.
#ifndef CANVASS_SERVER_SURVEYS_TEXTS_LANGUAGES_H_
#define CANVASS_SERVER_SURVEYS_TEXTS_LANGUAGES_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "canvass/v1/survey.pb.h"
#include "server/surveys/texts/each_text.h"

namespace canvass::surveys {

// The languages on offer, the default one first.
std::vector<std::string> LanguagesOf(const v1::SurveyDefinition& definition);

// The language on offer that fits `wanted` best, by the lookup of RFC 4647: `wanted` itself, then without its last
// subtag again and again; else the default language. Case does not matter.
std::string ChooseLanguage(const v1::SurveyDefinition& definition, absl::string_view wanted);

// The text in `language`, or in the same without its last subtags, or in the default language; empty if there is none.
absl::string_view TextIn(const TextMap& text, absl::string_view language, absl::string_view default_language);

// `definition` in one language: every map of texts that is not empty has one entry, under `language`.
v1::SurveyDefinition InLanguage(const v1::SurveyDefinition& definition, const std::string& language);

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_TEXTS_LANGUAGES_H_
