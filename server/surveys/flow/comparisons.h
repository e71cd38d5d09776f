// The comparisons that a condition is made of, and what they ask for.
//
//   ForEachComparison(path, condition, [&](absl::string_view path, const v1::Comparison& compare) { … });
//
// Pure; thread-safe. Conditions have passed NormalizeCondition, so they are not nested deeply.
#ifndef CANVASS_SERVER_SURVEYS_FLOW_COMPARISONS_H_
#define CANVASS_SERVER_SURVEYS_FLOW_COMPARISONS_H_

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "canvass/v1/condition.pb.h"

namespace canvass::surveys {

// Calls `visit` for each in its order, with the path that leads to it from `path`, that of the condition.
void ForEachComparison(const std::string& path, const v1::Condition& condition,
                       absl::FunctionRef<void(const std::string& path, const v1::Comparison& compare)> visit);

// The same without paths.
void ForEachComparison(const v1::Condition& condition, absl::FunctionRef<void(const v1::Comparison& compare)> visit);

// True if `compare` says = or !=.
bool IsEquality(const v1::Comparison& compare);

// True if `compare` asks for an element or a part: `field:value`.
bool IsHas(const v1::Comparison& compare);

// True if `compare` asks whether there is anything at its field: `field:*`.
bool AsksForAnything(const v1::Comparison& compare);

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_FLOW_COMPARISONS_H_
