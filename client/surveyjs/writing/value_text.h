// Calculated values in the expression language of SurveyJS: `avg({a}, {b})`, `iif({nps} >= 9, 'fan', 'other')`.
//
// Pure; thread-safe.
#ifndef CANVASS_CLIENT_SURVEYJS_WRITING_VALUE_TEXT_H_
#define CANVASS_CLIENT_SURVEYJS_WRITING_VALUE_TEXT_H_

#include <string>

#include "absl/status/statusor.h"
#include "canvass/v1/survey.pb.h"
#include "client/surveyjs/expression/expression_text.h"

namespace canvass::surveyjs {

// InvalidArgument with the reason if SurveyJS cannot say it.
absl::StatusOr<std::string> ValueText(const v1::CalculatedValue& value, NameOf name_of);

}  // namespace canvass::surveyjs

#endif  // CANVASS_CLIENT_SURVEYJS_WRITING_VALUE_TEXT_H_
