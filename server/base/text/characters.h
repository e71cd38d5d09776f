// Text that people write, in characters: its length, its encoding, what may be quoted of it.
#ifndef CANVASS_SERVER_BASE_TEXT_CHARACTERS_H_
#define CANVASS_SERVER_BASE_TEXT_CHARACTERS_H_

#include <cstddef>

#include "absl/strings/string_view.h"
#include "server/base/error.h"

namespace canvass {

// How many characters (Unicode code points) the UTF-8 `text` has.
std::size_t CharacterCount(absl::string_view text);

// The first `max_bytes` of `text`, or fewer so as not to cut a character: what an error message quotes of a caller's
// text.
absl::string_view Shorten(absl::string_view text, std::size_t max_bytes);

// True if `text` is UTF-8 as RFC 3629 has it: shortest forms alone, no surrogates, nothing behind U+10FFFF.
bool IsUtf8(absl::string_view text);

// True if `text` holds one of U+0000 to U+001F or U+007F to U+009F.
bool HasControlCharacter(absl::string_view text);

// Adds a violation if `text` has more than `max_characters`.
void CheckLength(absl::string_view field, absl::string_view text, std::size_t max_characters, Violations& violations);

// The same for a display name: at most 200 characters.
void CheckDisplayName(absl::string_view field, absl::string_view text, Violations& violations);

}  // namespace canvass

#endif  // CANVASS_SERVER_BASE_TEXT_CHARACTERS_H_
