// The files that pages are made of, and mustache templates filled in. Everything that is put in is escaped for HTML.
//
//   kainjow::mustache::data data;
//   data.set("heading", heading);
//   const std::string html = FillTemplate("page", std::move(data));
//
// Thread-safe: nothing is kept between calls.
#ifndef CANVASS_SERVER_HTTP_PAGES_TEMPLATES_H_
#define CANVASS_SERVER_HTTP_PAGES_TEMPLATES_H_

#include <kainjow/mustache.hpp>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace canvass::http {

// A file of pages/, as it was when the server was built.
struct PageFile {
  // Up to the first dot.
  absl::string_view name;
  absl::string_view content;
};
// templates/*.mustache, and the sentences of each language: texts/*.txt.
absl::Span<const PageFile> PageTemplates();
absl::Span<const PageFile> PageTexts();

// The template `name` filled in with `data`. Other templates are its partials under their names.
std::string FillTemplate(absl::string_view name, kainjow::mustache::data data);

// Sets `name` to `text`, or to false if it is empty, so that a section of that name is left out.
void SetText(absl::string_view name, absl::string_view text, kainjow::mustache::data& data);

}  // namespace canvass::http

#endif  // CANVASS_SERVER_HTTP_PAGES_TEMPLATES_H_
