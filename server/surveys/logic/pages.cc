#include "server/surveys/logic/pages.h"

#include <string>

namespace canvass::surveys {

std::vector<PageRange> PagesOf(const v1::SurveyDefinition& definition) {
  std::vector<PageRange> ranges;
  if (definition.pages().empty()) {
    ranges.reserve(definition.questions_size());
    for (int i = 0; i < definition.questions_size(); ++i) ranges.push_back({.first = i, .end = i + 1});
    return ranges;
  }
  for (const v1::Page& page : definition.pages()) {
    const int first = PlaceOf(definition, page.starts_with());
    if (first < 0 || (!ranges.empty() && first <= ranges.back().first)) continue;
    if (!ranges.empty()) ranges.back().end = first;
    ranges.push_back({.first = first, .end = definition.questions_size(), .page = &page});
  }
  if (!ranges.empty()) ranges.front().first = 0;
  return ranges;
}

absl::string_view KeyOf(const v1::SurveyDefinition& definition, const PageRange& range) {
  return range.page != nullptr ? range.page->key() : definition.questions(range.first).key();
}

int PlaceOf(const v1::SurveyDefinition& definition, absl::string_view key) {
  for (int i = 0; i < definition.questions_size(); ++i) {
    if (absl::string_view(definition.questions(i).key()) == key) return i;
  }
  return -1;
}

}  // namespace canvass::surveys
