#include "server/surveys/update_survey.h"

#include <string>
#include <utility>

#include "server/base/aip/field_mask.h"
#include "server/base/error.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/surveys/create_survey.h"
#include "server/surveys/survey.h"

namespace canvass::surveys {
namespace {

constexpr absl::string_view kChangeable[] = {"display_name", "definition", "closing"};

absl::Status Apply(const v1::UpdateSurveyRequest& request, v1::Survey& survey) {
  CANVASS_RETURN_IF_ERROR(CheckEtag(request.survey().etag(), survey));
  CANVASS_RETURN_IF_ERROR(CheckNotArchived(survey));
  CANVASS_RETURN_IF_ERROR(ApplyFieldMask(request.update_mask(), kChangeable, request.survey(), survey));
  return ValidateSurvey(survey);
}

absl::StatusOr<v1::Survey> ChangeExisting(SurveyStore& store, SurveyCatalog& catalog, const Clock& clock,
                                          const TenantScope& scope, const SurveyId& id,
                                          const v1::UpdateSurveyRequest& request) {
  if (!request.validate_only()) {
    absl::StatusOr<v1::Survey> changed =
        store.Change(scope, id, clock.Now(), [&](v1::Survey& survey) { return Apply(request, survey); });
    // `closing` applies at once. Also after an error: the outcome of a commit may be unknown.
    catalog.Forget(scope, id);
    return changed;
  }
  CANVASS_ASSIGN_OR_RETURN(v1::Survey survey, store.Get(scope, id));
  CANVASS_RETURN_IF_ERROR(Apply(request, survey));
  return survey;
}

absl::StatusOr<v1::Survey> CreateMissing(SurveyStore& store, const Clock& clock, const TenantScope& scope,
                                         const SurveyId& id, const v1::UpdateSurveyRequest& request) {
  CANVASS_RETURN_IF_ERROR(CheckChosenId("survey.name", id.value()));
  v1::Survey draft = DraftOf(scope, id, request.survey(), clock.Now());
  // An etag says that the caller has seen the survey.
  CANVASS_RETURN_IF_ERROR(CheckEtag(request.survey().etag(), draft));
  v1::Survey unused;
  CANVASS_RETURN_IF_ERROR(ApplyFieldMask(request.update_mask(), kChangeable, request.survey(), unused));
  CANVASS_RETURN_IF_ERROR(ValidateSurvey(draft));
  if (request.validate_only()) return draft;
  return store.Create(scope, id, draft, clock.Now());
}

}  // namespace

absl::StatusOr<v1::Survey> UpdateSurvey(SurveyStore& store, SurveyCatalog& catalog, const Clock& clock,
                                        const TenantScope& scope, const v1::UpdateSurveyRequest& request) {
  CANVASS_ASSIGN_OR_RETURN(std::string name, ParseChild(scope, "surveys", "survey.name", request.survey().name()));
  const SurveyId id(std::move(name));
  absl::StatusOr<v1::Survey> changed = ChangeExisting(store, catalog, clock, scope, id, request);
  if (!request.allow_missing() || !absl::IsNotFound(changed.status())) return changed;
  absl::StatusOr<v1::Survey> created = CreateMissing(store, clock, scope, id, request);
  // Somebody else created it in between, so now there is something to change.
  if (absl::IsAlreadyExists(created.status())) return ChangeExisting(store, catalog, clock, scope, id, request);
  return created;
}

}  // namespace canvass::surveys
