// Conditions put together, in the simplest form: `And({Always(), c})` is `c`.
//
// Pure; thread-safe.
#ifndef CANVASS_CLIENT_SURVEYJS_EXPRESSION_CONDITION_BUILDING_H_
#define CANVASS_CLIENT_SURVEYJS_EXPRESSION_CONDITION_BUILDING_H_

#include <google/protobuf/struct.pb.h>

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "canvass/v1/condition.pb.h"

namespace canvass::surveyjs {

// True of everybody and of nobody.
v1::Condition Always();
v1::Condition Never();
bool IsAlways(const v1::Condition& condition);
bool IsNever(const v1::Condition& condition);

v1::Condition And(std::vector<v1::Condition> conditions);
v1::Condition Or(std::vector<v1::Condition> conditions);
v1::Condition Not(v1::Condition condition);

google::protobuf::Value TextValue(absl::string_view text);
google::protobuf::Value NumberValue(double number);
google::protobuf::Value BoolValue(bool value);

v1::Condition Compare(absl::string_view field, v1::Comparison::Operator op, google::protobuf::Value value);
// `field = text`, where no star of the text stands for anything.
v1::Condition EqualsText(absl::string_view field, absl::string_view text);
// `field:text`.
v1::Condition HasText(absl::string_view field, absl::string_view text);
// `field:*`.
v1::Condition IsThere(absl::string_view field);
// The field of `field:*`; empty if `condition` is something else.
absl::string_view FieldThatIsThere(const v1::Condition& condition);

// InvalidArgument if `condition` is larger than the server takes: deeper than 16, or more than 100 comparisons.
absl::Status CheckSize(const v1::Condition& condition);

}  // namespace canvass::surveyjs

#endif  // CANVASS_CLIENT_SURVEYJS_EXPRESSION_CONDITION_BUILDING_H_
