// What a batch of events is judged by: triggers, surveys, segments and settings as they are when it comes in, one state
// for the whole batch. Immutable once made.
#ifndef CANVASS_SERVER_TRIGGERS_PLAN_H_
#define CANVASS_SERVER_TRIGGERS_PLAN_H_

#include <memory>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/contacts/segment_catalog.h"
#include "server/mysql/database.h"
#include "server/settings/settings_catalog.h"
#include "server/surveys/survey_catalog.h"
#include "server/triggers/limits/contact_clocks.h"
#include "server/triggers/rules/screen.h"
#include "server/triggers/trigger_catalog.h"

namespace canvass::triggers {

struct DecisionPlan {
  std::shared_ptr<const TenantTriggers> triggers;
  std::shared_ptr<const contacts::TenantSegments> segments;
  std::shared_ptr<const settings::TenantSettings> settings;
  // The surveys that triggers of the batch's types ask.
  absl::flat_hash_map<SurveyId, AskedSurvey> surveys;
  // Of all surveys that the tenant's triggers ask, where a cap counts by metric; else of none.
  SurveyMetrics metrics;
};

// Where a plan comes from.
struct PlanSources {
  mysql::Database& database;
  TriggerCatalog& triggers;
  surveys::SurveyCatalog& surveys;
  contacts::SegmentCatalog& segments;
  settings::SettingsCatalog& settings;
};

// A survey as triggers see it. An unknown one takes no answers.
absl::StatusOr<AskedSurvey> LookUpSurvey(const PlanSources& sources, const TenantScope& scope, const SurveyId& id);

// Looks up what events of `types` are judged by. Reads on connections of its own: never call it inside a transaction.
absl::StatusOr<DecisionPlan> MakePlan(const PlanSources& sources, const TenantScope& scope,
                                      absl::Span<const absl::string_view> types);

}  // namespace canvass::triggers

#endif  // CANVASS_SERVER_TRIGGERS_PLAN_H_
