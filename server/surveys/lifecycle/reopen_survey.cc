#include "server/surveys/lifecycle/reopen_survey.h"

#include "server/base/status_macros.h"
#include "server/surveys/lifecycle/survey_state.h"

namespace canvass::surveys {

absl::StatusOr<v1::Survey> ReopenSurvey(SurveyStore& store, SurveyCatalog& catalog, const Clock& clock,
                                        const TenantScope& scope, const v1::ReopenSurveyRequest& request) {
  return ChangeState(store, catalog, clock, scope, request.name(), [](v1::Survey& survey) -> absl::Status {
    CANVASS_RETURN_IF_ERROR(CheckNotArchived(survey));
    CANVASS_RETURN_IF_ERROR(CheckPublished(survey));
    survey.set_state(v1::Survey::STATE_PUBLISHED);
    return absl::OkStatus();
  });
}

}  // namespace canvass::surveys
