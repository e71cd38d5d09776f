// Helps who mistyped a name.
//
// Thread-safe: pure functions.
#ifndef CANVASS_CLIENT_CLI_DOCUMENTS_NEAREST_H_
#define CANVASS_CLIENT_CLI_DOCUMENTS_NEAREST_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace canvass::cli {

// The candidate that differs least from `name`, empty if none is close enough to be meant.
std::string Nearest(absl::string_view name, absl::Span<const std::string> candidates);

// "; did you mean 'questions'?" if one is near, else "; known: a, b, c" (at most 20 of them).
std::string Suggestion(absl::string_view name, absl::Span<const std::string> candidates);

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_DOCUMENTS_NEAREST_H_
