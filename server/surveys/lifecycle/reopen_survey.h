// SurveyService.ReopenSurvey.
#ifndef CANVASS_SERVER_SURVEYS_LIFECYCLE_REOPEN_SURVEY_H_
#define CANVASS_SERVER_SURVEYS_LIFECYCLE_REOPEN_SURVEY_H_

#include "absl/status/statusor.h"
#include "canvass/v1/survey_service.pb.h"
#include "server/base/clock.h"
#include "server/base/tenant_scope.h"
#include "server/surveys/survey_catalog.h"
#include "server/surveys/survey_store.h"

namespace canvass::surveys {

// The survey's closing stays, so it may take no answers all the same.
// InvalidArgument (INVALID_RESOURCE_NAME); NotFound (SURVEY_NOT_FOUND); FailedPrecondition (SURVEY_NOT_PUBLISHED,
// SURVEY_ARCHIVED); errors of mysql::Database.
absl::StatusOr<v1::Survey> ReopenSurvey(SurveyStore& store, SurveyCatalog& catalog, const Clock& clock,
                                        const TenantScope& scope, const v1::ReopenSurveyRequest& request);

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_LIFECYCLE_REOPEN_SURVEY_H_
