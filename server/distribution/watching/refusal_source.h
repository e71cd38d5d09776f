// Where a DecisionFeed gets the decisions that have no rows, because they did not lead to an invitation: they lie with
// their events. What stores events is above this room, so it is implemented there (triggers/decisions) and wired in
// main.
#ifndef CANVASS_SERVER_DISTRIBUTION_WATCHING_REFUSAL_SOURCE_H_
#define CANVASS_SERVER_DISTRIBUTION_WATCHING_REFUSAL_SOURCE_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "canvass/v1/decision.pb.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/distribution/decision_store.h"

namespace canvass::distribution {

struct Refusal {
  v1::Decision decision;
  // Whether the facts alone decided: the condition was false, …
  bool by_facts = false;
};

// The refusals of one event.
struct EventRefusals {
  Uuid event;
  std::vector<Refusal> refusals;
};

// Thread-safe; calls block.
class RefusalSource {
 public:
  virtual ~RefusalSource() = default;
  // The events that were stored between `after` and `until` (inclusive), by the database's clock and in that order; at
  // most `limit`. Their positions name no trigger.
  virtual absl::StatusOr<std::vector<ChangePosition>> ListStored(const TenantScope& scope, const ChangePosition& after,
                                                                 absl::Time until, int limit) = 0;
  // The refusals of `events`, at most 512, in any order; events that do not exist are absent.
  virtual absl::StatusOr<std::vector<EventRefusals>> Read(const TenantScope& scope, absl::Span<const Uuid> events) = 0;
};

}  // namespace canvass::distribution

#endif  // CANVASS_SERVER_DISTRIBUTION_WATCHING_REFUSAL_SOURCE_H_
