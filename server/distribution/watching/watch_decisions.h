// DecisionService.WatchDecisions: the stream of decisions, on this server's one thread for all of them.
//
//   DecisionWatch watch(decisions, &refusals, clock);
//   CANVASS_ASSIGN_OR_RETURN(auto source, WatchDecisions(watch, scope, request));
//
// Thread-safe. The watch must outlive its sources.
#ifndef CANVASS_SERVER_DISTRIBUTION_WATCHING_WATCH_DECISIONS_H_
#define CANVASS_SERVER_DISTRIBUTION_WATCHING_WATCH_DECISIONS_H_

#include <memory>
#include <optional>

#include "absl/status/statusor.h"
#include "canvass/v1/decision_service.pb.h"
#include "server/base/clock.h"
#include "server/base/push_source.h"
#include "server/base/tenant_scope.h"
#include "server/distribution/decision_store.h"
#include "server/distribution/watching/decision_feed.h"
#include "server/distribution/watching/push_desk.h"

namespace canvass::distribution {

class DecisionWatch {
 public:
  static constexpr int kMaxPerTenant = 50;
  using Source = PushSource<v1::WatchDecisionsResponse>;

  // Starts the thread. All must outlive it. Without `refusals`, only decisions with rows are pushed.
  DecisionWatch(DecisionStore& decisions, RefusalSource* refusals, const Clock& clock, const FeedPace& pace = {});

  // A stream of what is behind `start`, or of what comes from now on. Blocks. ResourceExhausted (OVERLOADED) if the
  // tenant has kMaxPerTenant.
  absl::StatusOr<std::unique_ptr<Source>> Open(const TenantScope& scope, const std::optional<ChangePosition>& start,
                                               FeedFilter filter);

 private:
  using Desk = PushDesk<v1::WatchDecisionsResponse, DecisionFeed>;

  DecisionStore& decisions_;
  RefusalSource* refusals_;
  const FeedPace pace_;
  Desk desk_;
};

// Blocks. InvalidArgument (INVALID_FIELD; INVALID_PAGE_TOKEN for a resume_token that is none), NotFound for another
// tenant's names, ResourceExhausted.
absl::StatusOr<std::unique_ptr<DecisionWatch::Source>> WatchDecisions(DecisionWatch& watch, const TenantScope& scope,
                                                                      const v1::WatchDecisionsRequest& request);

}  // namespace canvass::distribution

#endif  // CANVASS_SERVER_DISTRIBUTION_WATCHING_WATCH_DECISIONS_H_
