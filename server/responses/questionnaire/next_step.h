// SurveyService.NextStep: what a respondent sees after a page, given the answers so far. Nothing is stored.
// Thread-safe.
#ifndef CANVASS_SERVER_RESPONSES_QUESTIONNAIRE_NEXT_STEP_H_
#define CANVASS_SERVER_RESPONSES_QUESTIONNAIRE_NEXT_STEP_H_

#include <optional>

#include "absl/status/statusor.h"
#include "canvass/v1/survey_service.pb.h"
#include "server/base/tenant_scope.h"
#include "server/responses/questionnaire/respondents.h"

namespace canvass::responses {

// Errors of Respondents::Resolve and NextStepOf; InvalidArgument (INVALID_FIELD) for more answers than a survey may
// have questions. May block.
absl::StatusOr<v1::Step> NextStep(Respondents& respondents, const TenantScope& scope,
                                  const v1::NextStepRequest& request);

// The same without blocking; nullopt where something has to be read first.
std::optional<absl::StatusOr<v1::Step>> NextStepFromMemory(Respondents& respondents, const TenantScope& scope,
                                                           const v1::NextStepRequest& request);

}  // namespace canvass::responses

#endif  // CANVASS_SERVER_RESPONSES_QUESTIONNAIRE_NEXT_STEP_H_
