#include "server/surveys/lifecycle/archive_survey.h"

#include "server/surveys/lifecycle/survey_state.h"

namespace canvass::surveys {

absl::StatusOr<v1::Survey> ArchiveSurvey(SurveyStore& store, SurveyCatalog& catalog, const Clock& clock,
                                         const TenantScope& scope, const v1::ArchiveSurveyRequest& request) {
  return ChangeState(store, catalog, clock, scope, request.name(), [](v1::Survey& survey) -> absl::Status {
    survey.set_state(v1::Survey::STATE_ARCHIVED);
    return absl::OkStatus();
  });
}

}  // namespace canvass::surveys
