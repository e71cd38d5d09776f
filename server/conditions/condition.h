// The one evaluator of conditions, for triggers, survey logic, segments and metric filters. canvass/v1/condition.proto
// says what a condition means.
//
//   v1::Condition condition = request.trigger().condition();
//   CANVASS_RETURN_IF_ERROR(NormalizeCondition("trigger.condition", {"event", "contact"}, condition));
//   … store it …
//   if (Evaluate(condition, facts)) …    // facts: {"event": {…}, "contact": {…}}
//
// Pure functions without I/O.
#ifndef CANVASS_SERVER_CONDITIONS_CONDITION_H_
#define CANVASS_SERVER_CONDITIONS_CONDITION_H_

#include <google/protobuf/struct.pb.h>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "canvass/v1/condition.pb.h"

namespace canvass::conditions {

// Replaces every `text` within `condition` by its structured form and checks the whole: depth, number of comparisons,
// paths (their first part must be one of `roots`), operators, and that each operator can compare its value (< on
// numbers and text, not on true and false). InvalidArgument (INVALID_CONDITION) with every violation at its path below
// `field`; then `condition` is unspecified.
absl::Status NormalizeCondition(absl::string_view field, absl::Span<const absl::string_view> roots,
                                v1::Condition& condition);

// Whether `condition`, which has passed NormalizeCondition, is true of `facts`. Anything that it refuses is false here.
//
// A field that is not there, or is null, makes its comparison false, whatever the operator; NOT turns that into true.
// Values of different kinds are unequal and in no order. `:` looks into lists: `event.items.sku:"A1"` is true if an
// element of `items` has that `sku`; on a number or boolean it means equal.
bool Evaluate(const v1::Condition& condition, const google::protobuf::Struct& facts);

// Whether `compare` is true where `fact` is what stands at its field.
bool IsTrueOf(const v1::Comparison& compare, const google::protobuf::Value& fact);

}  // namespace canvass::conditions

#endif  // CANVASS_SERVER_CONDITIONS_CONDITION_H_
