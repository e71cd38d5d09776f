// Text in columns: how wide it is on a terminal, cut and padded to a width, and made safe to show.
//
// Thread-safe: pure functions.
#ifndef CANVASS_CLIENT_CHARTS_TEXT_WIDTH_H_
#define CANVASS_CLIENT_CHARTS_TEXT_WIDTH_H_

#include <string>

#include "absl/strings/string_view.h"
#include "client/charts/style.h"

namespace canvass::charts {

// The columns that `text` (UTF-8, without escape sequences) takes: East Asian and emoji characters 2, combining ones 0.
int DisplayWidth(absl::string_view text);

// `text` on one line and harmless: line ends and tabs become blanks; control characters, characters that change the
// direction of writing and bytes that are not UTF-8 become U+FFFD, since what a respondent wrote must not steer a
// terminal.
std::string Printable(absl::string_view text);

// Whether `text` is UTF-8 throughout.
bool IsUtf8(absl::string_view text);

// `text` if it fits into `width` columns, else its beginning with an ellipsis.
std::string Truncate(absl::string_view text, int width, const ChartStyle& style);

// `text` with blanks behind (before) it up to `width` columns; longer text stays as it is.
std::string PadRight(absl::string_view text, int width);
std::string PadLeft(absl::string_view text, int width);

}  // namespace canvass::charts

#endif  // CANVASS_CLIENT_CHARTS_TEXT_WIDTH_H_
