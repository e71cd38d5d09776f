#include "server/http/pages/templates.h"

#include <utility>

#include "absl/strings/strip.h"

namespace canvass::http {

namespace mustache = kainjow::mustache;

std::string FillTemplate(absl::string_view name, mustache::data data) {
  std::string text;
  for (const PageFile& file : PageTemplates()) {
    // The line break that ends a file would stand in the middle of an element.
    const absl::string_view content = absl::StripSuffix(file.content, "\n");
    if (file.name == name) text = std::string(content);
    data.set(std::string(file.name), mustache::data(mustache::partial([content] { return std::string(content); })));
  }
  return mustache::mustache(text).render(data);
}

void SetText(absl::string_view name, absl::string_view text, mustache::data& data) {
  if (text.empty()) {
    data.set(std::string(name), false);
  } else {
    data.set(std::string(name), std::string(text));
  }
}

}  // namespace canvass::http
