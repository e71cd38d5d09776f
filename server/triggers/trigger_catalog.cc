#include "server/triggers/trigger_catalog.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/match.h"
#include "server/base/proto_time.h"
#include "server/base/resource_name.h"
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

bool LooksAtHistory(const ActiveTrigger& trigger) {
  return std::any_of(trigger.fields.begin(), trigger.fields.end(),
                     [](const std::string& field) { return absl::StartsWith(field, "history."); });
}

ActiveTrigger Unpack(v1::Trigger trigger, int64_t revision) {
  ActiveTrigger active;
  active.id = TriggerId(std::string(LastSegment(trigger.name())));
  active.revision = revision;
  active.survey = SurveyOf(trigger);
  active.delay = FromProto(trigger.delay());
  active.lifetime = FromProto(trigger.invitation_lifetime());
  active.max_lateness = trigger.has_max_lateness() ? FromProto(trigger.max_lateness()) : absl::InfiniteDuration();
  if (trigger.has_condition()) {
    active.condition_text = conditions::ConditionText(trigger.condition());
    AddFields(trigger.condition(), active.fields);
  }
  active.trigger = std::move(trigger);
  return active;
}

TenantTriggers::TenantTriggers(std::vector<ActiveTrigger> triggers) {
  for (ActiveTrigger& trigger : triggers) {
    OfType& of_type = by_type_[trigger.trigger.event_type()];
    of_type.looks_at_history |= canvass::triggers::LooksAtHistory(trigger);
    of_type.triggers.push_back(std::move(trigger));
  }
  for (auto& [type, of_type] : by_type_) {
    std::sort(of_type.triggers.begin(), of_type.triggers.end(), [](const ActiveTrigger& a, const ActiveTrigger& b) {
      const int a_priority = a.trigger.priority();
      const int b_priority = b.trigger.priority();
      return std::tie(b_priority, a.id) < std::tie(a_priority, b.id);
    });
  }
}

absl::Span<const ActiveTrigger> TenantTriggers::Of(absl::string_view type) const {
  const auto found = by_type_.find(type);
  if (found == by_type_.end()) return {};
  return found->second.triggers;
}

bool TenantTriggers::LooksAtHistory(absl::string_view type) const {
  const auto found = by_type_.find(type);
  return found != by_type_.end() && found->second.looks_at_history;
}

const ActiveTrigger* TenantTriggers::Find(const TriggerId& id) const {
  for (const auto& [type, of_type] : by_type_) {
    for (const ActiveTrigger& trigger : of_type.triggers) {
      if (trigger.id == id) return &trigger;
    }
  }
  return nullptr;
}

std::vector<SurveyId> TenantTriggers::Surveys() const {
  std::set<SurveyId> surveys;
  for (const auto& [type, of_type] : by_type_) {
    for (const ActiveTrigger& trigger : of_type.triggers) surveys.insert(trigger.survey);
  }
  return {surveys.begin(), surveys.end()};
}

absl::StatusOr<std::shared_ptr<const TenantTriggers>> TriggerCatalog::Get(const TenantScope& scope) {
  return cache_.Get(scope, [&]() -> absl::StatusOr<TenantTriggers> {
    std::vector<ActiveTrigger> triggers;
    TriggerId after;
    while (true) {
      CANVASS_ASSIGN_OR_RETURN(std::vector<TriggerRevision> page, store_.ListRevisions(scope, after, kRowsPerQuery));
      const bool last = page.size() < static_cast<std::size_t>(kRowsPerQuery);
      for (TriggerRevision& one : page) triggers.push_back(Unpack(std::move(one.trigger), one.revision));
      if (last) return TenantTriggers(std::move(triggers));
      after = triggers.back().id;
    }
  });
}

}  // namespace canvass::triggers
