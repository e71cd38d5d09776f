// SurveyService.GetQuestionnaire: a survey version as one respondent reads it. Thread-safe; may block.
#ifndef CANVASS_SERVER_RESPONSES_QUESTIONNAIRE_GET_QUESTIONNAIRE_H_
#define CANVASS_SERVER_RESPONSES_QUESTIONNAIRE_GET_QUESTIONNAIRE_H_

#include "absl/status/statusor.h"
#include "canvass/v1/survey_service.pb.h"
#include "server/base/tenant_scope.h"
#include "server/responses/questionnaire/respondents.h"

namespace canvass::responses {

// Errors of Respondents::Resolve.
absl::StatusOr<v1::Questionnaire> GetQuestionnaire(Respondents& respondents, const TenantScope& scope,
                                                   const v1::GetQuestionnaireRequest& request);

}  // namespace canvass::responses

#endif  // CANVASS_SERVER_RESPONSES_QUESTIONNAIRE_GET_QUESTIONNAIRE_H_
