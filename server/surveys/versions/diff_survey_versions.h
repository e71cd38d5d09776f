// SurveyService.DiffSurveyVersions.
#ifndef CANVASS_SERVER_SURVEYS_VERSIONS_DIFF_SURVEY_VERSIONS_H_
#define CANVASS_SERVER_SURVEYS_VERSIONS_DIFF_SURVEY_VERSIONS_H_

#include "absl/status/statusor.h"
#include "canvass/v1/survey_service.pb.h"
#include "server/base/tenant_scope.h"
#include "server/surveys/survey_store.h"

namespace canvass::surveys {

// InvalidArgument (INVALID_RESOURCE_NAME); NotFound (SURVEY_NOT_FOUND); errors of mysql::Database.
absl::StatusOr<v1::DiffSurveyVersionsResponse> DiffSurveyVersions(SurveyStore& store, const TenantScope& scope,
                                                                  const v1::DiffSurveyVersionsRequest& request);

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_VERSIONS_DIFF_SURVEY_VERSIONS_H_
