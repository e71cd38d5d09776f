// What the RPCs that move a survey from one state to another have in common: close, reopen, archive, restore.
//
//   return ChangeState(store, catalog, clock, scope, request.name(), [](v1::Survey& survey) -> absl::Status {
//     CANVASS_RETURN_IF_ERROR(CheckPublished(survey));
//     survey.set_state(v1::Survey::STATE_CLOSED);
//     return absl::OkStatus();
//   });
//
// Thread-safe; blocks.
#ifndef CANVASS_SERVER_SURVEYS_LIFECYCLE_SURVEY_STATE_H_
#define CANVASS_SERVER_SURVEYS_LIFECYCLE_SURVEY_STATE_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/base/clock.h"
#include "server/base/tenant_scope.h"
#include "server/surveys/survey_catalog.h"
#include "server/surveys/survey_store.h"

namespace canvass::surveys {

// Lets `change` change the survey of that name, and this process see it at once. A survey that is left as it was is not
// written. InvalidArgument (INVALID_RESOURCE_NAME); NotFound (SURVEY_NOT_FOUND); errors of `change` and of
// mysql::Database.
absl::StatusOr<v1::Survey> ChangeState(SurveyStore& store, SurveyCatalog& catalog, const Clock& clock,
                                       const TenantScope& scope, absl::string_view name, SurveyChange change);

// FailedPrecondition (SURVEY_NOT_PUBLISHED) if `survey` was never published.
absl::Status CheckPublished(const v1::Survey& survey);

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_LIFECYCLE_SURVEY_STATE_H_
