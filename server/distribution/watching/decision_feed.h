// The decisions of a tenant in the order in which they were written, without losing any, however late its transaction
// is committed.
//
//   CANVASS_ASSIGN_OR_RETURN(DecisionFeed feed, DecisionFeed::Open(store, scope, start, filter, pace));
//   CANVASS_ASSIGN_OR_RETURN(std::vector<FedDecision> decisions, feed.Poll());   // again and again
//
// Commits do not come in the order of the times that rows bear: a row is stamped when it is written and seen when its
// transaction ends. So the feed looks at the last `window` again and again, all of it every `full_interval` and its end
// at every Poll(), and remembers what of it was given already. What is older than the window is settled: no transaction
// lives that long, even if the clocks of two database servers differ by seconds. A position to resume from is never
// within the window; so what lies between it and the moment is given again after a resumption.
//
// Not thread-safe; calls block. The store must outlive it.
#ifndef CANVASS_SERVER_DISTRIBUTION_WATCHING_DECISION_FEED_H_
#define CANVASS_SERVER_DISTRIBUTION_WATCHING_DECISION_FEED_H_

#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/distribution/decision_store.h"
#include "server/distribution/watching/refusal_source.h"

namespace canvass::distribution {

struct FeedPace {
  // Idle transactions and statements are ended after 10 seconds each, and the deadline of calls is 20; the rest is for
  // clocks that differ.
  absl::Duration window = absl::Seconds(60);
  absl::Duration full_interval = absl::Seconds(5);
  // How far the looks between go back: most transactions are shorter.
  absl::Duration tail = absl::Seconds(2);
};

struct FeedFilter {
  std::optional<TriggerId> trigger;
  // Empty: all.
  std::set<v1::Decision::Outcome> outcomes;
  // Also what triggers refused by the facts alone.
  bool by_facts = false;
};

struct FedDecision {
  v1::Decision decision;
  // Where a feed starts that gives all that this one has not given when it gives this.
  ChangePosition resume;
};

class DecisionFeed {
 public:
  // At most about this many are given at once.
  static constexpr int kPage = 256;

  // Gives what is behind `start`; without one, what is committed from now on. Without `refusals`, only what has rows.
  static absl::StatusOr<DecisionFeed> Open(DecisionStore& store, RefusalSource* refusals, const TenantScope& scope,
                                           const std::optional<ChangePosition>& start, FeedFilter filter,
                                           const FeedPace& pace);

  // What is new; empty if nothing was found by a bounded search.
  absl::StatusOr<std::vector<FedDecision>> Poll();
  // Whether the last Poll() left something to be looked at.
  bool behind() const { return sweep_.has_value(); }

 private:
  // What a change stands for: one decision, or the refusals of an event.
  struct Found {
    absl::Time change_time;
    std::vector<v1::Decision> decisions;
  };
  // One look at what lies between a position and the moment at which it began.
  struct Sweep {
    ChangePosition next;
    absl::Time until;
    bool full = false;
    bool done = false;
  };

  DecisionFeed(DecisionStore& store, RefusalSource* refusals, const TenantScope& scope, FeedFilter filter,
               const FeedPace& pace)
      : store_(&store), refusals_(refusals), scope_(scope), filter_(std::move(filter)), pace_(pace) {}

  // Of decisions, and of events with refusals that the filter may select: those name no trigger.
  absl::StatusOr<std::vector<ChangePosition>> ListChanges(const ChangePosition& after, absl::Time until, int limit);
  // What `keys` stand for now and the filter selects.
  absl::StatusOr<absl::flat_hash_map<DecisionKey, Found>> Read(const std::vector<ChangePosition>& changes);
  bool Selects(const v1::Decision& decision) const;

  absl::Status Begin();
  void End();
  // The changes of the next page that were not given yet; ends the sweep behind its last page.
  absl::StatusOr<std::vector<ChangePosition>> NextPage();
  absl::StatusOr<std::vector<FedDecision>> Give(const std::vector<ChangePosition>& changes);
  // Where to resume from once `change` was given.
  ChangePosition ResumeAt(const ChangePosition& change) const;

  DecisionStore* store_;
  RefusalSource* refusals_;
  TenantScope scope_;
  FeedFilter filter_;
  FeedPace pace_;
  // Everything up to here was given, and nothing can come before it any more.
  ChangePosition settled_;
  absl::Time last_full_ = absl::InfinitePast();
  std::optional<Sweep> sweep_;
  // What was given, or passed over, within the window: the time it bore then.
  absl::flat_hash_map<DecisionKey, absl::Time> given_;
};

}  // namespace canvass::distribution

#endif  // CANVASS_SERVER_DISTRIBUTION_WATCHING_DECISION_FEED_H_
