// SurveyService.CheckSurvey.
#ifndef CANVASS_SERVER_SURVEYS_CHECK_SURVEY_H_
#define CANVASS_SERVER_SURVEYS_CHECK_SURVEY_H_

#include "absl/status/statusor.h"
#include "canvass/v1/survey_service.pb.h"
#include "server/base/tenant_scope.h"

namespace canvass::surveys {

// InvalidArgument (INVALID_RESOURCE_NAME). A faulty definition is no error: its faults are the answer. Warnings,
// languages and duration are left out of the answer to one that exceeds its limits.
absl::StatusOr<v1::CheckSurveyResponse> CheckSurvey(const TenantScope& scope, const v1::CheckSurveyRequest& request);

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_CHECK_SURVEY_H_
