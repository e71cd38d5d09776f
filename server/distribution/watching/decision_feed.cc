#include "server/distribution/watching/decision_feed.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <tuple>
#include <utility>

#include "server/base/resource_name.h"
#include "server/base/status_macros.h"

namespace canvass::distribution {
namespace {

bool IsOf(const TriggerId& trigger, const v1::Decision& decision) {
  return LastSegment(decision.trigger()) == trigger.value();
}

}  // namespace

absl::StatusOr<std::vector<ChangePosition>> DecisionChanges::ListChanges(const ChangePosition& after, absl::Time until,
                                                                         int limit) {
  CANVASS_ASSIGN_OR_RETURN(std::vector<ChangePosition> changes, store_->ListChanges(scope_, after, until, limit));
  const bool may_refuse = filter_.outcomes.empty() || filter_.outcomes.contains(v1::Decision::OUTCOME_SKIPPED) ||
                          filter_.outcomes.contains(v1::Decision::OUTCOME_SUPPRESSED);
  if (refusals_ == nullptr || !may_refuse) return changes;
  CANVASS_ASSIGN_OR_RETURN(const std::vector<ChangePosition> events,
                           refusals_->ListStored(scope_, after, until, limit));
  const auto middle = static_cast<std::ptrdiff_t>(changes.size());
  changes.insert(changes.end(), events.begin(), events.end());
  std::inplace_merge(changes.begin(), changes.begin() + middle, changes.end(),
                     [](const ChangePosition& a, const ChangePosition& b) {
                       return std::tie(a.change_time, a.key.event, a.key.trigger) <
                              std::tie(b.change_time, b.key.event, b.key.trigger);
                     });
  if (changes.size() > static_cast<std::size_t>(limit)) changes.resize(static_cast<std::size_t>(limit));
  return changes;
}

absl::StatusOr<absl::flat_hash_map<DecisionKey, Changed<v1::Decision>>> DecisionChanges::Read(
    const std::vector<ChangePosition>& changes) {
  std::vector<DecisionKey> keys;
  std::vector<Uuid> events;
  absl::flat_hash_map<Uuid, absl::Time> stored;
  for (const ChangePosition& change : changes) {
    if (change.key.trigger.empty()) {
      events.push_back(change.key.event);
      stored[change.key.event] = change.change_time;
    } else if (!filter_.trigger.has_value() || change.key.trigger == *filter_.trigger) {
      keys.push_back(change.key);
    }
  }
  absl::flat_hash_map<DecisionKey, Changed<v1::Decision>> found;
  CANVASS_ASSIGN_OR_RETURN(std::vector<ChangedDecision> rows, store_->GetMany(scope_, keys));
  for (ChangedDecision& row : rows) {
    Changed<v1::Decision>& one = found[row.key];
    one.change_time = row.change_time;
    if (Selects(row.decision)) one.items.push_back(std::move(row.decision));
  }
  if (events.empty()) return found;
  CANVASS_ASSIGN_OR_RETURN(std::vector<EventRefusals> refused, refusals_->Read(scope_, events));
  for (EventRefusals& of_event : refused) {
    Changed<v1::Decision>& one = found[DecisionKey{.event = of_event.event, .trigger = TriggerId()}];
    one.change_time = stored.at(of_event.event);
    for (Refusal& refusal : of_event.refusals) {
      const bool of_trigger = !filter_.trigger.has_value() || IsOf(*filter_.trigger, refusal.decision);
      const bool wanted = of_trigger && (filter_.by_facts || !refusal.by_facts) && Selects(refusal.decision);
      if (wanted) one.items.push_back(std::move(refusal.decision));
    }
  }
  return found;
}

bool DecisionChanges::Selects(const v1::Decision& decision) const {
  return filter_.outcomes.empty() || filter_.outcomes.contains(decision.outcome());
}

}  // namespace canvass::distribution
