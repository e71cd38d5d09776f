#include "server/distribution/watching/decision_feed.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <tuple>
#include <utility>

#include "server/base/status_macros.h"

namespace canvass::distribution {
namespace {

constexpr int kKeysAtOnce = 2048;
// Of changes that the filter passes over, in one Poll().
constexpr int kMaxPages = 16;

bool IsOf(const TriggerId& trigger, const v1::Decision& decision) {
  return decision.trigger().substr(decision.trigger().rfind('/') + 1) == trigger.value();
}

}  // namespace

absl::StatusOr<DecisionFeed> DecisionFeed::Open(DecisionStore& store, RefusalSource* refusals, const TenantScope& scope,
                                                const std::optional<ChangePosition>& start, FeedFilter filter,
                                                const FeedPace& pace) {
  DecisionFeed feed(store, refusals, scope, std::move(filter), pace);
  if (start.has_value()) {
    feed.settled_ = *start;
    return feed;
  }
  // What can be seen now counts as given; what appears in the window later does not.
  CANVASS_ASSIGN_OR_RETURN(const absl::Time now, store.DatabaseTime(scope));
  feed.settled_ = {.change_time = now - pace.window};
  ChangePosition after = feed.settled_;
  while (true) {
    CANVASS_ASSIGN_OR_RETURN(const std::vector<ChangePosition> seen, feed.ListChanges(after, now, kKeysAtOnce));
    for (const ChangePosition& change : seen) feed.given_[change.key] = change.change_time;
    if (seen.size() < static_cast<std::size_t>(kKeysAtOnce)) return feed;
    after = seen.back();
  }
}

absl::StatusOr<std::vector<FedDecision>> DecisionFeed::Poll() {
  if (!sweep_.has_value()) CANVASS_RETURN_IF_ERROR(Begin());
  for (int page = 0; page < kMaxPages && sweep_.has_value(); ++page) {
    const Sweep before = *sweep_;
    CANVASS_ASSIGN_OR_RETURN(const std::vector<ChangePosition> changes, NextPage());
    absl::StatusOr<std::vector<FedDecision>> fed = Give(changes);
    if (!fed.ok()) {
      sweep_ = before;  // not given: looked at again
      return fed;
    }
    if (sweep_->done) End();
    if (!fed->empty()) return fed;
  }
  return std::vector<FedDecision>();
}

absl::Status DecisionFeed::Begin() {
  CANVASS_ASSIGN_OR_RETURN(const absl::Time now, store_->DatabaseTime(scope_));
  const absl::Time tail = now - pace_.tail;
  const bool full = now - last_full_ >= pace_.full_interval || tail <= settled_.change_time;
  sweep_ = Sweep{.next = full ? settled_ : ChangePosition{.change_time = tail}, .until = now, .full = full};
  return absl::OkStatus();
}

void DecisionFeed::End() {
  const Sweep sweep = *std::exchange(sweep_, std::nullopt);
  if (!sweep.full) return;
  last_full_ = sweep.until;
  const absl::Time floor = sweep.until - pace_.window;
  if (floor <= settled_.change_time) return;
  settled_ = {.change_time = floor};
  absl::erase_if(given_, [floor](const auto& one) { return one.second < floor; });
}

absl::StatusOr<std::vector<ChangePosition>> DecisionFeed::NextPage() {
  std::vector<ChangePosition> fresh;
  while (fresh.empty()) {
    // A look at the window passes over many that were given; a look at the past over none.
    const int limit = given_.empty() ? kPage : kKeysAtOnce;
    CANVASS_ASSIGN_OR_RETURN(const std::vector<ChangePosition> seen, ListChanges(sweep_->next, sweep_->until, limit));
    bool all = true;
    for (const ChangePosition& change : seen) {
      if (fresh.size() == static_cast<std::size_t>(kPage)) {
        all = false;
        break;
      }
      sweep_->next = change;
      const auto given = given_.find(change.key);
      if (given == given_.end() || given->second != change.change_time) fresh.push_back(change);
    }
    if (all && seen.size() < static_cast<std::size_t>(limit)) {
      sweep_->done = true;
      break;
    }
  }
  return fresh;
}

absl::StatusOr<std::vector<FedDecision>> DecisionFeed::Give(const std::vector<ChangePosition>& changes) {
  CANVASS_ASSIGN_OR_RETURN(auto found, Read(changes));
  std::vector<FedDecision> fed;
  const absl::Time floor = sweep_->until - pace_.window;
  for (const ChangePosition& change : changes) {
    const auto now = found.find(change.key);
    // It may have changed since: what is given now is what it is now.
    const absl::Time given_time = now == found.end() ? change.change_time : now->second.change_time;
    if (given_time >= floor) given_[change.key] = given_time;
    if (now == found.end()) continue;
    for (v1::Decision& decision : now->second.decisions) {
      fed.push_back({.decision = std::move(decision), .resume = ResumeAt(change)});
    }
  }
  return fed;
}

absl::StatusOr<std::vector<ChangePosition>> DecisionFeed::ListChanges(const ChangePosition& after, absl::Time until,
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

absl::StatusOr<absl::flat_hash_map<DecisionKey, DecisionFeed::Found>> DecisionFeed::Read(
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
  absl::flat_hash_map<DecisionKey, Found> found;
  CANVASS_ASSIGN_OR_RETURN(std::vector<ChangedDecision> rows, store_->GetMany(scope_, keys));
  for (ChangedDecision& row : rows) {
    Found& one = found[row.key];
    one.change_time = row.change_time;
    if (Selects(row.decision)) one.decisions.push_back(std::move(row.decision));
  }
  if (events.empty()) return found;
  CANVASS_ASSIGN_OR_RETURN(std::vector<EventRefusals> refused, refusals_->Read(scope_, events));
  for (EventRefusals& of_event : refused) {
    Found& one = found[DecisionKey{.event = of_event.event, .trigger = TriggerId()}];
    one.change_time = stored.at(of_event.event);
    for (Refusal& refusal : of_event.refusals) {
      const bool of_trigger = !filter_.trigger.has_value() || IsOf(*filter_.trigger, refusal.decision);
      const bool wanted = of_trigger && (filter_.by_facts || !refusal.by_facts) && Selects(refusal.decision);
      if (wanted) one.decisions.push_back(std::move(refusal.decision));
    }
  }
  return found;
}

bool DecisionFeed::Selects(const v1::Decision& decision) const {
  return filter_.outcomes.empty() || filter_.outcomes.contains(decision.outcome());
}

ChangePosition DecisionFeed::ResumeAt(const ChangePosition& change) const {
  if (!sweep_->full) return settled_;
  const absl::Time floor = sweep_->until - pace_.window;
  if (change.change_time < floor) return change;
  return floor > settled_.change_time ? ChangePosition{.change_time = floor} : settled_;
}

}  // namespace canvass::distribution
