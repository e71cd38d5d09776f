// Text out of HTML and into it.
//
// Pure; thread-safe.
#ifndef CANVASS_CLIENT_SURVEYJS_HTML_TEXT_H_
#define CANVASS_CLIENT_SURVEYJS_HTML_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"

namespace canvass::surveyjs {

struct HtmlText {
  // The text of the first heading, if the HTML starts with one that is followed by more; else empty.
  std::string heading;
  // The rest: the words that a reader sees, a line for each block, without scripts and styles.
  std::string text;
  // True if there were tags or attributes other than headings, paragraphs and line breaks, which say more than text.
  bool had_markup = false;
  // True if there was any tag.
  bool had_tags = false;
};

HtmlText ReadHtml(absl::string_view html);

// `text` so that a browser shows it as it is, with <br> at the ends of lines.
std::string EscapeHtml(absl::string_view text);

}  // namespace canvass::surveyjs

#endif  // CANVASS_CLIENT_SURVEYJS_HTML_TEXT_H_
