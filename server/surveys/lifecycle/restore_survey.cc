#include "server/surveys/lifecycle/restore_survey.h"

#include "server/surveys/lifecycle/survey_state.h"

namespace canvass::surveys {

absl::StatusOr<v1::Survey> RestoreSurvey(SurveyStore& store, SurveyCatalog& catalog, const Clock& clock,
                                         const TenantScope& scope, const v1::RestoreSurveyRequest& request) {
  return ChangeState(store, catalog, clock, scope, request.name(), [](v1::Survey& survey) -> absl::Status {
    if (survey.state() != v1::Survey::STATE_ARCHIVED) return absl::OkStatus();
    survey.set_state(survey.published_version() == 0 ? v1::Survey::STATE_DRAFT : v1::Survey::STATE_CLOSED);
    return absl::OkStatus();
  });
}

}  // namespace canvass::surveys
