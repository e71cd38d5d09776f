// What is done with the texts of a draft once its questions are known: names in braces become pipes, and languages that
// all texts have are offered.
//
// Not thread-safe.
#ifndef CANVASS_CLIENT_SURVEYJS_LOGIC_FINISH_TEXTS_H_
#define CANVASS_CLIENT_SURVEYJS_LOGIC_FINISH_TEXTS_H_

#include "client/surveyjs/logic/draft.h"
#include "client/surveyjs/report.h"

namespace canvass::surveyjs {

// `{city}` becomes `{{answer.city}}` where that question is asked before. Other braces stay text, with a note.
void WritePipes(Draft& draft, Report& report);

// Fills in SurveyDefinition.languages. Adds a note for a language that some texts lack.
void OfferLanguages(Draft& draft, Report& report);

}  // namespace canvass::surveyjs

#endif  // CANVASS_CLIENT_SURVEYJS_LOGIC_FINISH_TEXTS_H_
