#include "server/surveys/publish_survey.h"

#include <string>
#include <utility>

#include "server/base/error.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/surveys/publishing/check_for_publish.h"

namespace canvass::surveys {
namespace {

// How often a draft may change between the check and the publication before the caller is told to try again.
constexpr int kAttempts = 5;

// Publishes the draft as it is now, if it can be. Aborted (ETAG_MISMATCH) if it is changed meanwhile.
absl::StatusOr<v1::Survey> CheckAndPublish(SurveyStore& store, const Clock& clock, const TenantScope& scope,
                                           const SurveyId& id, absl::string_view etag) {
  CANVASS_ASSIGN_OR_RETURN(v1::Survey draft, store.Get(scope, id));
  CANVASS_RETURN_IF_ERROR(CheckEtag(etag, draft));
  Violations violations;
  CheckForPublish(*draft.mutable_definition(), violations);
  CANVASS_RETURN_IF_ERROR(violations.ToStatus(v1::ERROR_REASON_INVALID_SURVEY));
  return store.Publish(scope, id, draft.etag(), clock.Now());
}

}  // namespace

absl::StatusOr<v1::Survey> PublishSurvey(SurveyStore& store, SurveyCatalog& catalog, const Clock& clock,
                                         const TenantScope& scope, const v1::PublishSurveyRequest& request) {
  CANVASS_ASSIGN_OR_RETURN(std::string name, ParseChild(scope, "surveys", "name", request.name()));
  const SurveyId id(std::move(name));
  absl::StatusOr<v1::Survey> survey = CheckAndPublish(store, clock, scope, id, request.etag());
  // The caller did not say which draft: then the newest one.
  for (int i = 1; i < kAttempts && request.etag().empty() && absl::IsAborted(survey.status()); ++i) {
    survey = CheckAndPublish(store, clock, scope, id, request.etag());
  }
  // Also after an error: the outcome of a commit may be unknown.
  catalog.Forget(scope, id);
  return survey;
}

}  // namespace canvass::surveys
