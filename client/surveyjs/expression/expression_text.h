// Conditions in the expression language of SurveyJS.
//
//   ExpressionText(condition, name_of)   "{nps} >= 9 and {reason} notempty"
//
// Pure; thread-safe.
#ifndef CANVASS_CLIENT_SURVEYJS_EXPRESSION_EXPRESSION_TEXT_H_
#define CANVASS_CLIENT_SURVEYJS_EXPRESSION_EXPRESSION_TEXT_H_

#include <google/protobuf/struct.pb.h>

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "canvass/v1/condition.pb.h"

namespace canvass::surveyjs {

// The name in SurveyJS of a field such as `answer.city`.
using NameOf = absl::FunctionRef<std::string(absl::string_view field)>;

// ParseExpression and ConditionOf make the same condition of it. InvalidArgument with the reason if SurveyJS cannot say
// it.
absl::StatusOr<std::string> ExpressionText(const v1::Condition& condition, NameOf name_of);

// A constant: `'text'`, `5` or `true`.
std::string ConstantText(const google::protobuf::Value& value);

}  // namespace canvass::surveyjs

#endif  // CANVASS_CLIENT_SURVEYJS_EXPRESSION_EXPRESSION_TEXT_H_
