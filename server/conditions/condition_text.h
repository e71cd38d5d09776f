// The text form of a Condition: an AIP-160 filter.
//
//   ParseCondition(R"(event.total >= 50 AND contact.country = ("FR" OR "BE") AND NOT contact.vip = true)")
//
// The grammar is that of AIP-160 as far as a Condition can say it:
//   - OR binds tighter than AND: `a AND b OR c` is `a AND (b OR c)`. NOT and - bind tightest.
//   - Comparators = != < <= > >= and : (has). The left side is a dotted path, whose parts may be quoted.
//   - The right side is a quoted string ('…' or "…", with C escapes), a bare word, a number, true or false;
//     or several of them in parentheses with AND, OR and NOT, each compared with the left side.
//   - `*` at the start or end of text compared by = or != stands for anything; \* stands for a star.
// Refused, since a Condition compares named fields: words without a comparator, and functions. `null` is refused; say
// NOT field:* instead.
#ifndef CANVASS_SERVER_CONDITIONS_CONDITION_TEXT_H_
#define CANVASS_SERVER_CONDITIONS_CONDITION_TEXT_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "canvass/v1/condition.pb.h"

namespace canvass::conditions {

inline constexpr std::size_t kMaxTextBytes = 4096;
inline constexpr int kMaxDepth = 16;
inline constexpr int kMaxComparisons = 100;

// The condition that `text` says, in structured form; blank text is the condition that is always true.
// InvalidArgument (INVALID_CONDITION, no field path) that names what is wrong and the position (in characters, from 1).
absl::StatusOr<v1::Condition> ParseCondition(absl::string_view text);

// A text of `condition` that parses to an equivalent condition: one that is true of the same facts. `condition` has
// passed NormalizeCondition. Empty for the condition that is always true.
std::string ConditionText(const v1::Condition& condition);

}  // namespace canvass::conditions

#endif  // CANVASS_SERVER_CONDITIONS_CONDITION_TEXT_H_
