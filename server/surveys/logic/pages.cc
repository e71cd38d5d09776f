#include "server/surveys/logic/pages.h"

#include <string>

namespace canvass::surveys {
namespace {

// The place of the first question with that key from `start` on, -1 if there is none.
int PlaceFrom(const v1::SurveyDefinition& definition, int start, absl::string_view key) {
  for (int i = start; i < definition.questions_size(); ++i) {
    if (absl::string_view(definition.questions(i).key()) == key) return i;
  }
  return -1;
}

}  // namespace

std::vector<PageRange> PagesOf(const v1::SurveyDefinition& definition) {
  std::vector<PageRange> ranges;
  if (definition.pages().empty()) {
    ranges.reserve(definition.questions_size());
    for (int i = 0; i < definition.questions_size(); ++i) ranges.push_back({.first = i, .end = i + 1});
    return ranges;
  }
  ranges.reserve(definition.pages_size());
  for (const v1::Page& page : definition.pages()) {
    // Behind the page before: where pages stand in order, this reads every question once in all.
    const int first = PlaceFrom(definition, ranges.empty() ? 0 : ranges.back().first + 1, page.starts_with());
    if (first < 0) continue;
    if (!ranges.empty()) ranges.back().end = first;
    ranges.push_back({.first = first, .end = definition.questions_size(), .page = &page});
  }
  if (!ranges.empty()) ranges.front().first = 0;
  return ranges;
}

absl::string_view KeyOf(const v1::SurveyDefinition& definition, const PageRange& range) {
  return range.page != nullptr ? range.page->key() : definition.questions(range.first).key();
}

int PlaceOf(const v1::SurveyDefinition& definition, absl::string_view key) { return PlaceFrom(definition, 0, key); }

}  // namespace canvass::surveys
