// SurveyService.GetSurvey and ListSurveys.
#ifndef CANVASS_SERVER_SURVEYS_GET_SURVEY_H_
#define CANVASS_SERVER_SURVEYS_GET_SURVEY_H_

#include "absl/status/statusor.h"
#include "canvass/v1/survey_service.pb.h"
#include "server/base/tenant_scope.h"
#include "server/surveys/survey_store.h"

namespace canvass::surveys {

// InvalidArgument (INVALID_RESOURCE_NAME); NotFound (SURVEY_NOT_FOUND); errors of mysql::Database.
absl::StatusOr<v1::Survey> GetSurvey(SurveyStore& store, const TenantScope& scope, const v1::GetSurveyRequest& request);

// InvalidArgument (INVALID_RESOURCE_NAME, INVALID_FIELD, INVALID_PAGE_TOKEN); errors of mysql::Database.
absl::StatusOr<v1::ListSurveysResponse> ListSurveys(SurveyStore& store, const TenantScope& scope,
                                                    const v1::ListSurveysRequest& request);

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_GET_SURVEY_H_
