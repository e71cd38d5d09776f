// SurveyService.GetSurveyVersion and ListSurveyVersions.
#ifndef CANVASS_SERVER_SURVEYS_VERSIONS_GET_SURVEY_VERSION_H_
#define CANVASS_SERVER_SURVEYS_VERSIONS_GET_SURVEY_VERSION_H_

#include "absl/status/statusor.h"
#include "canvass/v1/survey_service.pb.h"
#include "server/base/tenant_scope.h"
#include "server/surveys/survey_store.h"

namespace canvass::surveys {

// InvalidArgument (INVALID_RESOURCE_NAME); NotFound (SURVEY_NOT_FOUND); errors of mysql::Database.
absl::StatusOr<v1::SurveyVersion> GetSurveyVersion(SurveyStore& store, const TenantScope& scope,
                                                   const v1::GetSurveyVersionRequest& request);

// InvalidArgument (INVALID_RESOURCE_NAME, INVALID_FIELD, INVALID_PAGE_TOKEN); NotFound (SURVEY_NOT_FOUND); errors of
// mysql::Database.
absl::StatusOr<v1::ListSurveyVersionsResponse> ListSurveyVersions(SurveyStore& store, const TenantScope& scope,
                                                                  const v1::ListSurveyVersionsRequest& request);

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_VERSIONS_GET_SURVEY_VERSION_H_
