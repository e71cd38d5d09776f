#include "server/surveys/publish_survey.h"

#include <string>
#include <utility>

#include "server/base/resource_name.h"
#include "server/base/status_macros.h"

namespace canvass::surveys {

absl::StatusOr<v1::Survey> PublishSurvey(SurveyStore& store, SurveyCatalog& catalog, const Clock& clock,
                                         const TenantScope& scope, const v1::PublishSurveyRequest& request) {
  CANVASS_ASSIGN_OR_RETURN(std::string name, ParseChild(scope, "surveys", "name", request.name()));
  const SurveyId id(std::move(name));
  absl::StatusOr<v1::Survey> survey = store.Publish(scope, id, request.etag(), clock.Now());
  // Also after an error: the outcome of a commit may be unknown.
  catalog.Forget(scope, id);
  return survey;
}

}  // namespace canvass::surveys
