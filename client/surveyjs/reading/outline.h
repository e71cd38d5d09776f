// The questions of a SurveyJS document in the order in which they are asked, out of its pages and nested panels.
//
// Pure; thread-safe. The document must outlive the outline.
#ifndef CANVASS_CLIENT_SURVEYJS_READING_OUTLINE_H_
#define CANVASS_CLIENT_SURVEYJS_READING_OUTLINE_H_

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "client/surveyjs/report.h"

namespace canvass::surveyjs {

// A visibleIf, and where it stands.
struct Visibility {
  std::string expression;
  std::string path;
};

struct Element {
  const nlohmann::json* json = nullptr;
  std::string path;
  // As SurveyJS names it; guessed, with a note, where the document does not say it.
  std::string type;
  std::string name;
  int page = 0;
  // Its own and those of the panels around it. All must be true.
  std::vector<Visibility> visible_if;
};

struct PageOutline {
  const nlohmann::json* json = nullptr;
  std::string path;
  std::string name;
  std::vector<Visibility> visible_if;  // at most one
};

struct Outline {
  std::vector<PageOutline> pages;
  // Panels that have a title stand before their questions, with the type `panel`.
  std::vector<Element> elements;
};

// Leaves out, with a note, what is never shown, what is no element, and everything behind the first 1,000 elements.
Outline OutlineOf(const nlohmann::json& document, Report& report);

}  // namespace canvass::surveyjs

#endif  // CANVASS_CLIENT_SURVEYJS_READING_OUTLINE_H_
