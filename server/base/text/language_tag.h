// The form of language tags (BCP 47).
#ifndef CANVASS_SERVER_BASE_TEXT_LANGUAGE_TAG_H_
#define CANVASS_SERVER_BASE_TEXT_LANGUAGE_TAG_H_

#include "absl/strings/string_view.h"

namespace canvass {

// True if `tag` has the form of a BCP 47 language tag (RFC 5646: langtag, or private use) of at most 35 bytes, for
// example `en`, `pt-BR` or `zh-Hant-TW`. Whether its subtags are registered is not checked.
bool IsLanguageTag(absl::string_view tag);

}  // namespace canvass

#endif  // CANVASS_SERVER_BASE_TEXT_LANGUAGE_TAG_H_
