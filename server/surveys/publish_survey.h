// SurveyService.PublishSurvey.
#ifndef CANVASS_SERVER_SURVEYS_PUBLISH_SURVEY_H_
#define CANVASS_SERVER_SURVEYS_PUBLISH_SURVEY_H_

#include "absl/status/statusor.h"
#include "canvass/v1/survey_service.pb.h"
#include "server/base/clock.h"
#include "server/base/tenant_scope.h"
#include "server/surveys/survey_catalog.h"
#include "server/surveys/survey_store.h"

namespace canvass::surveys {

// InvalidArgument (INVALID_RESOURCE_NAME, INVALID_SURVEY with paths that start with `definition`); NotFound
// (SURVEY_NOT_FOUND); Aborted (ETAG_MISMATCH); FailedPrecondition (SURVEY_CLOSED, SURVEY_ARCHIVED); errors of
// mysql::Database.
absl::StatusOr<v1::Survey> PublishSurvey(SurveyStore& store, SurveyCatalog& catalog, const Clock& clock,
                                         const TenantScope& scope, const v1::PublishSurveyRequest& request);

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_PUBLISH_SURVEY_H_
