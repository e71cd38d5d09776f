// The conditions of a definition: brought into the structured form in which they are stored.
//
// Pure; thread-safe.
#ifndef CANVASS_SERVER_SURVEYS_DEFINITION_CONDITION_RULES_H_
#define CANVASS_SERVER_SURVEYS_DEFINITION_CONDITION_RULES_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "canvass/v1/condition.pb.h"
#include "server/surveys/definition/faults.h"

namespace canvass::surveys {

// What the paths of a definition's conditions, calculated values and pipes start with.
absl::Span<const absl::string_view> FactRoots();

// conditions::NormalizeCondition, with what it refuses as faults below `path`. What is left of a condition at fault
// IsUnusable, so that the rest of the definition can still be checked.
void Normalize(absl::string_view path, v1::Condition& condition, Faults& faults);

// True of what Normalize has refused: nothing can be said about such a condition.
bool IsUnusable(const v1::Condition& condition);

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_DEFINITION_CONDITION_RULES_H_
