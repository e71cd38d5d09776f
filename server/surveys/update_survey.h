// SurveyService.UpdateSurvey.
#ifndef CANVASS_SERVER_SURVEYS_UPDATE_SURVEY_H_
#define CANVASS_SERVER_SURVEYS_UPDATE_SURVEY_H_

#include "absl/status/statusor.h"
#include "canvass/v1/survey_service.pb.h"
#include "server/base/clock.h"
#include "server/base/tenant_scope.h"
#include "server/surveys/survey_catalog.h"
#include "server/surveys/survey_store.h"

namespace canvass::surveys {

// Where the survey is created, update_mask is checked but everything is taken (AIP-134).
// InvalidArgument (INVALID_RESOURCE_NAME, INVALID_IDENTIFIER, INVALID_FIELD_MASK, INVALID_SURVEY); NotFound
// (SURVEY_NOT_FOUND); Aborted (ETAG_MISMATCH); FailedPrecondition (SURVEY_ARCHIVED); errors of mysql::Database.
absl::StatusOr<v1::Survey> UpdateSurvey(SurveyStore& store, SurveyCatalog& catalog, const Clock& clock,
                                        const TenantScope& scope, const v1::UpdateSurveyRequest& request);

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_UPDATE_SURVEY_H_
