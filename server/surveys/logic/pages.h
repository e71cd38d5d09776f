// The pages of a survey as ranges of its questions: those that the definition lays out, or a page for every question.
//
// Pure; thread-safe.
#ifndef CANVASS_SERVER_SURVEYS_LOGIC_PAGES_H_
#define CANVASS_SERVER_SURVEYS_LOGIC_PAGES_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "canvass/v1/survey.pb.h"

namespace canvass::surveys {

// Questions [first, end).
struct PageRange {
  int first = 0;
  int end = 0;
  // Null where the question is a page by itself.
  const v1::Page* page = nullptr;
};

// The pages in their order; they cover all questions. Pages that start nowhere, or before an earlier one, which
// publishing refuses, are left out. Valid as long as `definition` is not changed.
std::vector<PageRange> PagesOf(const v1::SurveyDefinition& definition);

// What respondents' clients call the page.
absl::string_view KeyOf(const v1::SurveyDefinition& definition, const PageRange& range);

// The place of the question with that key, -1 if there is none.
int PlaceOf(const v1::SurveyDefinition& definition, absl::string_view key);

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_LOGIC_PAGES_H_
