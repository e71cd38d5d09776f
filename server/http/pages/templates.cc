#include "server/http/pages/templates.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace canvass::http {

namespace mustache = kainjow::mustache;

absl::string_view PageFileText(absl::string_view name) {
  for (const PageFile& file : PageFiles()) {
    if (file.name == name) return file.content;
  }
  return "";
}

std::string FillTemplate(absl::string_view name, mustache::data data) {
  for (const PageFile& file : PageFiles()) {
    absl::string_view partial = file.name;
    if (!absl::ConsumePrefix(&partial, "templates/") || !absl::ConsumeSuffix(&partial, ".mustache")) continue;
    data.set(std::string(partial),
             mustache::data(mustache::partial([content = file.content] { return std::string(content); })));
  }
  return mustache::mustache(std::string(PageFileText(absl::StrCat("templates/", name)))).render(data);
}

void SetText(absl::string_view name, absl::string_view text, mustache::data& data) {
  if (text.empty()) {
    data.set(std::string(name), false);
  } else {
    data.set(std::string(name), std::string(text));
  }
}

}  // namespace canvass::http
