#include "server/triggers/plan.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "server/base/status_macros.h"
#include "server/triggers/limits/asked_history.h"
#include "server/triggers/rules/caps.h"

namespace canvass::triggers {
namespace {

// All but whether it is full.
absl::StatusOr<AskedSurvey> LookUp(const PlanSources& sources, const TenantScope& scope, const SurveyId& id) {
  AskedSurvey asked;
  const absl::StatusOr<surveys::SurveyStatus> status = sources.surveys.Status(scope, id);
  if (absl::IsNotFound(status.status())) return asked;
  CANVASS_RETURN_IF_ERROR(status.status());
  asked.status = *status;
  if (status->state != v1::Survey::STATE_PUBLISHED) return asked;
  CANVASS_ASSIGN_OR_RETURN(asked.version, sources.surveys.Version(scope, id, status->published_version));
  asked.metric = MetricOf(asked.version->definition());
  return asked;
}

absl::Status MarkFull(const PlanSources& sources, const TenantScope& scope,
                      absl::flat_hash_map<SurveyId, AskedSurvey>& surveys) {
  absl::flat_hash_map<SurveyId, int64_t> limited;
  for (const auto& [id, survey] : surveys) {
    if (survey.status.max_responses > 0) limited[id] = survey.status.max_responses;
  }
  CANVASS_ASSIGN_OR_RETURN(const auto full, ReadFullSurveys(sources.database, scope, limited));
  for (const SurveyId& id : full) surveys[id].is_full = true;
  return absl::OkStatus();
}

// Whether a cap that holds for one of `types` counts by metric.
bool AnyCountsByMetric(const DecisionPlan& plan, absl::Span<const absl::string_view> types) {
  if (CountsByMetric(plan.settings->policy)) return true;
  return std::any_of(types.begin(), types.end(), [&](absl::string_view type) {
    const absl::Span<const ActiveTrigger> triggers = plan.triggers->Of(type);
    return std::any_of(triggers.begin(), triggers.end(),
                       [](const ActiveTrigger& trigger) { return CountsByMetric(trigger.trigger); });
  });
}

}  // namespace

absl::StatusOr<AskedSurvey> LookUpSurvey(const PlanSources& sources, const TenantScope& scope, const SurveyId& id) {
  absl::flat_hash_map<SurveyId, AskedSurvey> one;
  CANVASS_ASSIGN_OR_RETURN(one[id], LookUp(sources, scope, id));
  CANVASS_RETURN_IF_ERROR(MarkFull(sources, scope, one));
  return std::move(one[id]);
}

absl::StatusOr<DecisionPlan> MakePlan(const PlanSources& sources, const TenantScope& scope,
                                      absl::Span<const absl::string_view> types) {
  DecisionPlan plan;
  CANVASS_ASSIGN_OR_RETURN(plan.triggers, sources.triggers.Get(scope));
  CANVASS_ASSIGN_OR_RETURN(plan.segments, sources.segments.Get(scope));
  CANVASS_ASSIGN_OR_RETURN(plan.settings, sources.settings.Get(scope));
  for (absl::string_view type : types) {
    for (const ActiveTrigger& trigger : plan.triggers->Of(type)) {
      if (plan.surveys.contains(trigger.survey)) continue;
      CANVASS_ASSIGN_OR_RETURN(AskedSurvey asked, LookUp(sources, scope, trigger.survey));
      plan.surveys.emplace(trigger.survey, std::move(asked));
    }
  }
  CANVASS_RETURN_IF_ERROR(MarkFull(sources, scope, plan.surveys));
  if (!AnyCountsByMetric(plan, types)) return plan;
  for (const SurveyId& id : plan.triggers->Surveys()) {
    CANVASS_ASSIGN_OR_RETURN(const AskedSurvey asked, LookUp(sources, scope, id));
    plan.metrics[id] = asked.metric;
  }
  return plan;
}

}  // namespace canvass::triggers
