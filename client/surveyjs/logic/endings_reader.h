// How respondents finish, and the triggers that lead them there: completedHtml, completedHtmlOnCondition,
// navigateToUrl and triggers become endings and routes.
//
// SurveyJS takes a `complete` trigger when a page is left, so its route stands at the last question of that page; it
// follows a `skip` trigger at once, so that route stands at the last question that the trigger names.
//
// Not thread-safe.
#ifndef CANVASS_CLIENT_SURVEYJS_LOGIC_ENDINGS_READER_H_
#define CANVASS_CLIENT_SURVEYJS_LOGIC_ENDINGS_READER_H_

#include <set>
#include <string>

#include "client/surveyjs/logic/draft.h"
#include "client/surveyjs/reading/outline.h"
#include "client/surveyjs/reading/properties.h"
#include "client/surveyjs/reading/text_reader.h"
#include "client/surveyjs/report.h"

namespace canvass::surveyjs {

// `document` is the whole; the draft has its questions, pages and values. `languages` are those of the document beside
// its default one.
void ReadEndings(Properties& document, const Outline& outline, const TextReader& texts,
                 const std::set<std::string>& languages, Draft& draft, Report& report);

}  // namespace canvass::surveyjs

#endif  // CANVASS_CLIENT_SURVEYJS_LOGIC_ENDINGS_READER_H_
