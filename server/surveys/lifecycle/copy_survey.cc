#include "server/surveys/lifecycle/copy_survey.h"

#include "server/base/error.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/base/text/characters.h"
#include "server/surveys/versions/definition_name.h"

namespace canvass::surveys {

absl::StatusOr<v1::Survey> CopySurvey(SurveyStore& store, const Clock& clock, const TenantScope& scope,
                                      const v1::CopySurveyRequest& request) {
  CANVASS_ASSIGN_OR_RETURN(const DefinitionName source, ParseDefinitionName(scope, "source", request.source()));
  CANVASS_RETURN_IF_ERROR(CheckChosenId("survey_id", request.survey_id()));
  Violations violations;
  CheckDisplayName("display_name", request.display_name(), violations);
  CANVASS_RETURN_IF_ERROR(violations.ToStatus(v1::ERROR_REASON_INVALID_SURVEY));

  v1::Survey copy;
  CANVASS_ASSIGN_OR_RETURN(*copy.mutable_definition(), ReadDefinition(store, scope, source));
  copy.set_display_name(request.display_name());
  if (copy.display_name().empty()) {
    CANVASS_ASSIGN_OR_RETURN(const v1::Survey survey, store.Get(scope, source.survey));
    copy.set_display_name(survey.display_name());
  }
  return store.Create(scope, SurveyId(request.survey_id()), copy, clock.Now());
}

}  // namespace canvass::surveys
