// Who is asked what: visibleIf of elements, panels and pages as show_if, and the pages themselves.
//
// Not thread-safe.
#ifndef CANVASS_CLIENT_SURVEYJS_LOGIC_VISIBILITY_READER_H_
#define CANVASS_CLIENT_SURVEYJS_LOGIC_VISIBILITY_READER_H_

#include "client/surveyjs/logic/draft.h"
#include "client/surveyjs/reading/outline.h"
#include "client/surveyjs/reading/text_reader.h"
#include "client/surveyjs/report.h"

namespace canvass::surveyjs {

enum class Layout { kPages, kQuestionPerPage };

// Sets the show_if of all questions and pages, and takes out questions that nobody would be shown. With
// kQuestionPerPage the definition gets no pages; what they say of their questions is said by the questions.
void ReadVisibility(const Outline& outline, Layout layout, const TextReader& texts, Draft& draft, Report& report);

}  // namespace canvass::surveyjs

#endif  // CANVASS_CLIENT_SURVEYJS_LOGIC_VISIBILITY_READER_H_
