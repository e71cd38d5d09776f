#include "server/surveys/create_survey.h"

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/surveys/survey.h"
#include "server/surveys/texts/expected_duration.h"

namespace canvass::surveys {
namespace {

absl::StatusOr<v1::Survey> Preview(SurveyStore& store, const Clock& clock, const TenantScope& scope, const SurveyId& id,
                                   const v1::Survey& content) {
  absl::StatusOr<v1::Survey> stored = store.Get(scope, id);
  if (absl::IsNotFound(stored.status())) return DraftOf(scope, id, content, clock.Now());
  if (!stored.ok() || SameContent(*stored, content)) return stored;
  return ContentExists(id);
}

}  // namespace

absl::StatusOr<v1::Survey> CreateSurvey(SurveyStore& store, const Clock& clock, const TenantScope& scope,
                                        const v1::CreateSurveyRequest& request) {
  CANVASS_RETURN_IF_ERROR(CheckParent(scope, request.parent()));
  CANVASS_RETURN_IF_ERROR(CheckChosenId("survey_id", request.survey_id()));
  v1::Survey survey = request.survey();
  CANVASS_RETURN_IF_ERROR(ValidateSurvey(survey));
  const SurveyId id(request.survey_id());
  if (request.validate_only()) return Preview(store, clock, scope, id, survey);
  return store.Create(scope, id, survey, clock.Now());
}

v1::Survey DraftOf(const TenantScope& scope, const SurveyId& id, const v1::Survey& content, absl::Time now) {
  v1::Survey survey;
  survey.set_name(ResourceName(scope.tenant(), {"surveys", id.value()}));
  survey.set_display_name(content.display_name());
  if (content.has_definition()) *survey.mutable_definition() = content.definition();
  if (content.has_closing()) *survey.mutable_closing() = content.closing();
  survey.set_state(v1::Survey::STATE_DRAFT);
  *survey.mutable_create_time() = ToProto(now);
  *survey.mutable_update_time() = ToProto(now);
  *survey.mutable_expected_duration() = ToProto(ExpectedDuration(survey.definition()));
  return survey;
}

}  // namespace canvass::surveys
