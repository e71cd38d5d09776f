// How complete the languages of a survey are.
//
// Pure; thread-safe.
#ifndef CANVASS_SERVER_SURVEYS_TEXTS_LANGUAGE_REPORT_H_
#define CANVASS_SERVER_SURVEYS_TEXTS_LANGUAGE_REPORT_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "canvass/v1/survey_service.pb.h"
#include "server/surveys/texts/each_text.h"

namespace canvass::surveys {

// Whether who wants `language` reads it: the text has it, or the same without its last subtags (`pt` for `pt-BR`).
bool IsTranslated(const TextMap& text, absl::string_view language);

// One for every language: the default one first, then those on offer, then at most 50 others that some texts have, by
// their tags. Texts are counted if they are there in any language, and as translated if IsTranslated.
std::vector<v1::LanguageReport> ReportLanguages(const v1::SurveyDefinition& definition);

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_TEXTS_LANGUAGE_REPORT_H_
