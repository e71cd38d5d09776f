// SurveyService.CopySurvey.
#ifndef CANVASS_SERVER_SURVEYS_LIFECYCLE_COPY_SURVEY_H_
#define CANVASS_SERVER_SURVEYS_LIFECYCLE_COPY_SURVEY_H_

#include "absl/status/statusor.h"
#include "canvass/v1/survey_service.pb.h"
#include "server/base/clock.h"
#include "server/base/tenant_scope.h"
#include "server/surveys/survey_store.h"

namespace canvass::surveys {

// Copies display name and definition: the copy is a draft that closes at no time by itself.
// InvalidArgument (INVALID_RESOURCE_NAME, INVALID_IDENTIFIER, INVALID_SURVEY); NotFound (SURVEY_NOT_FOUND);
// AlreadyExists (RESOURCE_EXISTS); errors of mysql::Database.
absl::StatusOr<v1::Survey> CopySurvey(SurveyStore& store, const Clock& clock, const TenantScope& scope,
                                      const v1::CopySurveyRequest& request);

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_LIFECYCLE_COPY_SURVEY_H_
