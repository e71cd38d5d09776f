#include "client/surveyjs/logic/finish_texts.h"

#include <map>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/surveyjs/logic/each_text.h"

namespace canvass::surveyjs {
namespace {

std::string PathOf(const Draft& draft, const TextPlace& place) {
  return place.question < 0 ? "" : draft.origins[place.question].path;
}

// What stands for `{name}`: a pipe, or the same again.
std::string Pipe(absl::string_view name, const Draft& draft, const TextPlace& place, Report& report) {
  const absl::StatusOr<Named> named = draft.names.FindBefore(absl::StripAsciiWhitespace(name), place.asked);
  const std::string text = absl::StrCat("{", name, "}");
  if (!named.ok()) {
    report.Add(PathOf(draft, place),
               absl::StrCat(Quoted(text), " in a text stays as it is: it ", named.status().message()));
    return text;
  }
  if (named->reference.kind == Reference::Kind::kObject) {
    report.Add(PathOf(draft, place), absl::StrCat(Quoted(text), " in a text stays as it is: a matrix is no text"));
    return text;
  }
  return absl::StrCat("{{", named->reference.field, "}}");
}

std::string WithPipes(absl::string_view text, const Draft& draft, const TextPlace& place, Report& report) {
  std::string result;
  while (!text.empty()) {
    const std::size_t open = text.find('{');
    absl::StrAppend(&result, text.substr(0, open));
    if (open == absl::string_view::npos) break;
    text.remove_prefix(open);
    const std::size_t end = text.find_first_of("{}\n", 1);
    if (absl::StartsWith(text, "{{")) {
      absl::StrAppend(&result, "\\{{");
      text.remove_prefix(2);
    } else if (end == absl::string_view::npos || text[end] != '}' || end == 1) {
      result += '{';
      text.remove_prefix(1);
    } else {
      absl::StrAppend(&result, Pipe(text.substr(1, end - 1), draft, place, report));
      text.remove_prefix(end + 1);
    }
  }
  return result;
}

}  // namespace

void WritePipes(Draft& draft, Report& report) {
  ForEachText(draft.definition, [&](const TextPlace& place, TextMap& map) {
    for (auto& [language, text] : map) {
      if (absl::StrContains(text, "{")) text = WithPipes(text, draft, place, report);
    }
  });
}

void OfferLanguages(Draft& draft, Report& report) {
  int texts = 0;
  std::map<std::string, int> texts_in;
  ForEachText(draft.definition, [&](const TextPlace&, TextMap& map) {
    if (map.empty()) return;
    ++texts;
    for (const auto& [language, text] : map) ++texts_in[language];
  });
  for (const auto& [language, count] : texts_in) {
    if (language == draft.definition.default_language()) continue;
    if (count == texts) {
      draft.definition.add_languages(language);
    } else {
      report.Add("", absl::StrCat(language, " is not offered yet: ", texts - count, " of ", texts, " texts lack it"));
    }
  }
}

}  // namespace canvass::surveyjs
