#include "server/surveys/lifecycle/close_survey.h"

#include "server/base/status_macros.h"
#include "server/surveys/lifecycle/survey_state.h"

namespace canvass::surveys {

absl::StatusOr<v1::Survey> CloseSurvey(SurveyStore& store, SurveyCatalog& catalog, const Clock& clock,
                                       const TenantScope& scope, const v1::CloseSurveyRequest& request) {
  return ChangeState(store, catalog, clock, scope, request.name(), [](v1::Survey& survey) -> absl::Status {
    // An archived one is as good as closed.
    if (survey.state() == v1::Survey::STATE_ARCHIVED) return absl::OkStatus();
    CANVASS_RETURN_IF_ERROR(CheckPublished(survey));
    survey.set_state(v1::Survey::STATE_CLOSED);
    return absl::OkStatus();
  });
}

}  // namespace canvass::surveys
