#include "server/surveys/check_survey.h"

#include <google/protobuf/repeated_ptr_field.h>

#include <utility>

#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/surveys/publishing/check_for_publish.h"
#include "server/surveys/publishing/regrets.h"
#include "server/surveys/texts/expected_duration.h"
#include "server/surveys/texts/language_report.h"

namespace canvass::surveys {
namespace {

void Copy(const Violations& violations, google::protobuf::RepeatedPtrField<v1::FieldViolation>& copies) {
  for (const FieldViolation& violation : violations.list()) {
    v1::FieldViolation& copy = *copies.Add();
    copy.set_field(violation.field);
    copy.set_description(violation.description);
  }
}

}  // namespace

absl::StatusOr<v1::CheckSurveyResponse> CheckSurvey(const TenantScope& scope, const v1::CheckSurveyRequest& request) {
  CANVASS_RETURN_IF_ERROR(CheckParent(scope, request.parent()));
  v1::SurveyDefinition definition = request.definition();
  v1::CheckSurveyResponse response;
  Violations violations;
  const bool keeps_limits = CheckForPublish(definition, violations);
  Copy(violations, *response.mutable_violations());
  if (!keeps_limits) return response;
  Violations warnings;
  FindRegrets(definition, warnings);
  Copy(warnings, *response.mutable_warnings());
  for (v1::LanguageReport& report : ReportLanguages(definition)) *response.add_languages() = std::move(report);
  *response.mutable_expected_duration() = ToProto(ExpectedDuration(definition));
  return response;
}

}  // namespace canvass::surveys
