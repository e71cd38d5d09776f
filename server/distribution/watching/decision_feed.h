// The decisions of a tenant in the order in which they were written: those with rows, and those that lie with their
// events.
//
//   CANVASS_ASSIGN_OR_RETURN(DecisionFeed feed,
//                            DecisionFeed::Open(DecisionChanges(store, refusals, scope, filter), start, pace));
//   CANVASS_ASSIGN_OR_RETURN(std::vector<FedDecision> decisions, feed.Poll());   // again and again
//
// Not thread-safe; calls block. The store and the refusals must outlive it.
#ifndef CANVASS_SERVER_DISTRIBUTION_WATCHING_DECISION_FEED_H_
#define CANVASS_SERVER_DISTRIBUTION_WATCHING_DECISION_FEED_H_

#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/distribution/decision_store.h"
#include "server/distribution/watching/change_feed.h"
#include "server/distribution/watching/refusal_source.h"

namespace canvass::distribution {

struct FeedFilter {
  std::optional<TriggerId> trigger;
  // Empty: all.
  std::set<v1::Decision::Outcome> outcomes;
  // Also what triggers refused by the facts alone.
  bool by_facts = false;
};

// Reads what the filter selects. A change is one decision or, without a trigger, the refusals of an event.
class DecisionChanges {
 public:
  using Position = ChangePosition;
  using Item = v1::Decision;

  // Without `refusals`, only what has rows.
  DecisionChanges(DecisionStore& store, RefusalSource* refusals, const TenantScope& scope, FeedFilter filter)
      : store_(&store), refusals_(refusals), scope_(scope), filter_(std::move(filter)) {}

  absl::StatusOr<absl::Time> DatabaseTime() { return store_->DatabaseTime(scope_); }
  absl::StatusOr<std::vector<ChangePosition>> ListChanges(const ChangePosition& after, absl::Time until, int limit);
  absl::StatusOr<absl::flat_hash_map<DecisionKey, Changed<v1::Decision>>> Read(
      const std::vector<ChangePosition>& changes);

 private:
  bool Selects(const v1::Decision& decision) const;

  DecisionStore* store_;
  RefusalSource* refusals_;
  TenantScope scope_;
  FeedFilter filter_;
};

using DecisionFeed = ChangeFeed<DecisionChanges>;
using FedDecision = DecisionFeed::Given;

}  // namespace canvass::distribution

#endif  // CANVASS_SERVER_DISTRIBUTION_WATCHING_DECISION_FEED_H_
