#include "server/responses/questionnaire/next_step.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/base/status_macros.h"
#include "server/responses/questionnaire/step.h"
#include "server/surveys/texts/late_message.h"

namespace canvass::responses {
namespace {

// As many as a survey may have questions.
constexpr int kMaxAnswers = 200;

// The end that a respondent sees who cannot answer.
v1::Step LateStep(const Respondent& respondent) {
  v1::Step step;
  const LocalizedSurvey& survey = *respondent.survey;
  (*step.mutable_ending()->mutable_text())[survey.language] =
      surveys::LateMessage(survey.definition, survey.language, respondent.availability);
  step.set_complete(true);
  step.set_progress_percent(100);
  *step.mutable_remaining_duration() = ToProto(absl::ZeroDuration());
  return step;
}

absl::Status CheckAnswerCount(const v1::NextStepRequest& request) {
  if (request.answers_size() <= kMaxAnswers) return absl::OkStatus();
  return FieldError(
      v1::ERROR_REASON_INVALID_FIELD, "answers",
      absl::StrCat("has ", request.answers_size(), " items; at most ", kMaxAnswers, ", one a question, are allowed"));
}

absl::StatusOr<v1::Step> StepOf(const Respondent& respondent, const v1::NextStepRequest& request) {
  v1::Step step;
  if (respondent.is_open()) {
    CANVASS_ASSIGN_OR_RETURN(step, NextStepOf({.survey = *respondent.survey,
                                               .seed = respondent.seed,
                                               .facts = *respondent.facts,
                                               .answers = request.answers(),
                                               .after_page = request.after_page(),
                                               .full_quotas = respondent.full_quotas}));
  } else {
    step = LateStep(respondent);
  }
  step.set_availability(respondent.availability);
  return step;
}

}  // namespace

absl::StatusOr<v1::Step> NextStep(Respondents& respondents, const TenantScope& scope,
                                  const v1::NextStepRequest& request) {
  CANVASS_RETURN_IF_ERROR(CheckAnswerCount(request));
  CANVASS_ASSIGN_OR_RETURN(const Respondent respondent, respondents.Resolve(scope, request.context()));
  return StepOf(respondent, request);
}

std::optional<absl::StatusOr<v1::Step>> NextStepFromMemory(Respondents& respondents, const TenantScope& scope,
                                                           const v1::NextStepRequest& request) {
  if (absl::Status status = CheckAnswerCount(request); !status.ok()) return status;
  const auto respondent = respondents.ResolveFromMemory(scope, request.context());
  if (!respondent.has_value()) return std::nullopt;
  if (!respondent->ok()) return respondent->status();
  return StepOf(**respondent, request);
}

}  // namespace canvass::responses
