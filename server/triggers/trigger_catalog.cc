#include "server/triggers/trigger_catalog.h"

#include <algorithm>
#include <utility>

#include "server/base/proto_time.h"
#include "server/base/status_macros.h"
#include "server/conditions/condition_text.h"
#include "server/triggers/trigger.h"

namespace canvass::triggers {
namespace {

constexpr int kRowsPerQuery = 1000;

// Adds the fields that `condition` looks at, in the order in which it does.
void AddFields(const v1::Condition& condition, std::vector<std::string>& fields) {
  switch (condition.kind_case()) {
    case v1::Condition::kAll:
      for (const v1::Condition& inner : condition.all().conditions()) AddFields(inner, fields);
      return;
    case v1::Condition::kAny:
      for (const v1::Condition& inner : condition.any().conditions()) AddFields(inner, fields);
      return;
    case v1::Condition::kNot:
      return AddFields(condition.not_(), fields);
    case v1::Condition::kCompare:
      if (std::find(fields.begin(), fields.end(), condition.compare().field()) == fields.end()) {
        fields.push_back(condition.compare().field());
      }
      return;
    default:
      return;
  }
}

}  // namespace

ActiveTrigger Unpack(v1::Trigger trigger) {
  ActiveTrigger active;
  active.id = TriggerId(trigger.name().substr(trigger.name().rfind('/') + 1));
  active.survey = SurveyOf(trigger);
  active.delay = FromProto(trigger.delay());
  active.lifetime = FromProto(trigger.invitation_lifetime());
  if (trigger.has_condition()) {
    active.condition_text = conditions::ConditionText(trigger.condition());
    AddFields(trigger.condition(), active.fields);
  }
  active.trigger = std::move(trigger);
  return active;
}

TenantTriggers::TenantTriggers(std::vector<ActiveTrigger> triggers) {
  for (ActiveTrigger& trigger : triggers) {
    std::vector<ActiveTrigger>& of_type = by_type_[trigger.trigger.event_type()];
    of_type.push_back(std::move(trigger));
  }
}

absl::Span<const ActiveTrigger> TenantTriggers::Of(absl::string_view type) const {
  const auto found = by_type_.find(type);
  if (found == by_type_.end()) return {};
  return found->second;
}

absl::StatusOr<std::shared_ptr<const TenantTriggers>> TriggerCatalog::Get(const TenantScope& scope) {
  const absl::Time now = clock_.Now();
  uint64_t generation = 0;
  {
    absl::MutexLock lock(&mutex_);
    const auto found = entries_.find(scope.tenant());
    if (found != entries_.end() && now - found->second.load_time < kMaxAge) return found->second.triggers;
    generation = generation_;
  }
  CANVASS_ASSIGN_OR_RETURN(std::shared_ptr<const TenantTriggers> triggers, Load(scope));
  Keep(scope.tenant(), {.triggers = triggers, .load_time = now}, generation);
  return triggers;
}

void TriggerCatalog::Forget(const TenantScope& scope) {
  absl::MutexLock lock(&mutex_);
  ++generation_;
  entries_.erase(scope.tenant());
}

absl::StatusOr<std::shared_ptr<const TenantTriggers>> TriggerCatalog::Load(const TenantScope& scope) {
  std::vector<ActiveTrigger> triggers;
  TriggerId after;
  while (true) {
    CANVASS_ASSIGN_OR_RETURN(std::vector<v1::Trigger> page, store_.List(scope, after, kRowsPerQuery));
    const bool last = page.size() < static_cast<std::size_t>(kRowsPerQuery);
    for (v1::Trigger& trigger : page) triggers.push_back(Unpack(std::move(trigger)));
    if (last) return std::make_shared<const TenantTriggers>(std::move(triggers));
    after = triggers.back().id;
  }
}

void TriggerCatalog::Keep(const TenantId& tenant, Entry entry, uint64_t generation) {
  absl::MutexLock lock(&mutex_);
  if (generation != generation_) return;
  if (entries_.size() >= kMaxTenants && !entries_.contains(tenant)) entries_.clear();
  entries_[tenant] = std::move(entry);
}

}  // namespace canvass::triggers
