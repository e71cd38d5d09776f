#include "server/surveys/lifecycle/survey_state.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"

namespace canvass::surveys {

absl::StatusOr<v1::Survey> ChangeState(SurveyStore& store, SurveyCatalog& catalog, const Clock& clock,
                                       const TenantScope& scope, absl::string_view name, SurveyChange change) {
  CANVASS_ASSIGN_OR_RETURN(std::string survey, ParseChild(scope, "surveys", "name", name));
  const SurveyId id(std::move(survey));
  absl::StatusOr<v1::Survey> changed = store.Change(scope, id, clock.Now(), change);
  // Also after an error: the outcome of a commit may be unknown.
  catalog.Forget(scope, id);
  return changed;
}

absl::Status CheckPublished(const v1::Survey& survey) {
  if (survey.published_version() > 0) return absl::OkStatus();
  return Error(absl::StatusCode::kFailedPrecondition, v1::ERROR_REASON_SURVEY_NOT_PUBLISHED,
               absl::StrCat("'", survey.name(), "' was never published, so it takes no answers as it is"));
}

}  // namespace canvass::surveys
