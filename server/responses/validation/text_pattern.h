// What a free text must look like: the patterns of TextQuestion, as question.proto words them.
//
//   if (!MatchesPattern(v1::TextQuestion::PATTERN_EMAIL, "ada@example.com")) …
//
// They find slips of the pen, not what does not exist. Pure; thread-safe; linear in the text.
#ifndef CANVASS_SERVER_RESPONSES_VALIDATION_TEXT_PATTERN_H_
#define CANVASS_SERVER_RESPONSES_VALIDATION_TEXT_PATTERN_H_

#include "absl/strings/string_view.h"
#include "canvass/v1/question.pb.h"

namespace canvass::responses {

// True if `text` has the form of `pattern`. Every text has that of PATTERN_UNSPECIFIED, and of patterns that are not
// known here.
bool MatchesPattern(v1::TextQuestion::Pattern pattern, absl::string_view text);

// What the pattern wants, to complete "is not …": "an e-mail address such as name@example.com". Empty where every text
// will do.
absl::string_view DescribePattern(v1::TextQuestion::Pattern pattern);

}  // namespace canvass::responses

#endif  // CANVASS_SERVER_RESPONSES_VALIDATION_TEXT_PATTERN_H_
