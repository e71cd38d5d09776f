#include "server/surveys/close_survey.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"

namespace canvass::surveys {

absl::StatusOr<v1::Survey> CloseSurvey(SurveyStore& store, SurveyCatalog& catalog, const Clock& clock,
                                       const TenantScope& scope, const v1::CloseSurveyRequest& request) {
  CANVASS_ASSIGN_OR_RETURN(std::string name, ParseChild(scope, "surveys", "name", request.name()));
  const SurveyId id(std::move(name));
  absl::StatusOr<v1::Survey> survey = store.Change(scope, id, clock.Now(), [&](v1::Survey& changed) -> absl::Status {
    if (changed.state() == v1::Survey::STATE_DRAFT) {
      return Error(absl::StatusCode::kFailedPrecondition, v1::ERROR_REASON_SURVEY_NOT_PUBLISHED,
                   absl::StrCat("survey '", id.value(), "' was never published, so it takes no answers as it is"));
    }
    changed.set_state(v1::Survey::STATE_CLOSED);
    return absl::OkStatus();
  });
  // Also after an error: the outcome of a commit may be unknown.
  catalog.Forget(scope, id);
  return survey;
}

}  // namespace canvass::surveys
