#include "server/distribution/watching/decision_feed.h"

#include <algorithm>
#include <utility>

#include "server/base/status_macros.h"

namespace canvass::distribution {
namespace {

constexpr int kKeysAtOnce = 2048;
// Of changes that the filter passes over, in one Poll().
constexpr int kMaxPages = 16;

}  // namespace

absl::StatusOr<DecisionFeed> DecisionFeed::Open(DecisionStore& store, const TenantScope& scope,
                                                const std::optional<ChangePosition>& start, FeedFilter filter,
                                                const FeedPace& pace) {
  DecisionFeed feed(store, scope, std::move(filter), pace);
  if (start.has_value()) {
    feed.settled_ = *start;
    return feed;
  }
  // What can be seen now counts as given; what appears in the window later does not.
  CANVASS_ASSIGN_OR_RETURN(const absl::Time now, store.DatabaseTime(scope));
  feed.settled_ = {.change_time = now - pace.window};
  ChangePosition after = feed.settled_;
  while (true) {
    CANVASS_ASSIGN_OR_RETURN(const std::vector<ChangePosition> seen, store.ListChanges(scope, after, now, kKeysAtOnce));
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
    CANVASS_ASSIGN_OR_RETURN(const std::vector<ChangePosition> seen,
                             store_->ListChanges(scope_, sweep_->next, sweep_->until, limit));
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
  std::vector<DecisionKey> keys;
  for (const ChangePosition& change : changes) {
    if (!filter_.trigger.has_value() || change.key.trigger == *filter_.trigger) keys.push_back(change.key);
  }
  CANVASS_ASSIGN_OR_RETURN(std::vector<ChangedDecision> rows, store_->GetMany(scope_, keys));
  absl::flat_hash_map<DecisionKey, ChangedDecision*> found;
  for (ChangedDecision& row : rows) found.emplace(row.key, &row);
  std::vector<FedDecision> fed;
  const absl::Time floor = sweep_->until - pace_.window;
  for (const ChangePosition& change : changes) {
    const auto row = found.find(change.key);
    // It may have changed since: what is given now is what it is now.
    const absl::Time given_time = row == found.end() ? change.change_time : row->second->change_time;
    if (given_time >= floor) given_[change.key] = given_time;
    if (row == found.end()) continue;
    if (!filter_.outcomes.empty() && !filter_.outcomes.contains(row->second->decision.outcome())) continue;
    fed.push_back({.decision = std::move(row->second->decision), .resume = ResumeAt(change)});
  }
  return fed;
}

ChangePosition DecisionFeed::ResumeAt(const ChangePosition& change) const {
  if (!sweep_->full) return settled_;
  const absl::Time floor = sweep_->until - pace_.window;
  if (change.change_time < floor) return change;
  return floor > settled_.change_time ? ChangePosition{.change_time = floor} : settled_;
}

}  // namespace canvass::distribution
