// Decides on new events: for every event and every trigger of its type exactly one decision, and the invitations that
// follow, in the caller's transaction.
//
//   CANVASS_ASSIGN_OR_RETURN(DecisionPlan plan, decider.Plan(scope, types));        // before the transaction: may read
//   CANVASS_ASSIGN_OR_RETURN(Judged judged, decider.Judge(tx, scope, plan, events));
//   CANVASS_ASSIGN_OR_RETURN(Decided decided, decider.Decide(tx, scope, plan, absl::MakeSpan(judged.events)));
//   … store the events, each as a VerdictPacker packs it …
//
// The events of one call are decided in the order of their times, then keys; the triggers of one event by priority,
// then id. Frequency caps hold against everything that was ever decided, in whatever order events arrive: see
// limits/contact_clocks.h.
//
// A decision that led to an invitation has a row in decisions, since sending and showing move it on. All others are
// final: they cost no row of their own and lie with their event, and in the counts. Thread-safe; calls block.
#ifndef CANVASS_SERVER_TRIGGERS_DECIDE_H_
#define CANVASS_SERVER_TRIGGERS_DECIDE_H_

#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "server/base/clock.h"
#include "server/base/ids.h"
#include "server/base/random.h"
#include "server/base/tenant_scope.h"
#include "server/contacts/contact_store.h"
#include "server/contacts/suppression_store.h"
#include "server/distribution/decision_store.h"
#include "server/distribution/invitation_store.h"
#include "server/distribution/outbox/outbox_store.h"
#include "server/metrics/cell_batch.h"
#include "server/metrics/dimension_cache.h"
#include "server/mysql/database.h"
#include "server/triggers/judge.h"
#include "server/triggers/plan.h"

namespace canvass::triggers {

// What a Decider works with; all outlive it.
struct DeciderRooms {
  PlanSources sources;
  contacts::ContactStore& contacts;
  contacts::SuppressionStore& suppressions;
  distribution::DecisionStore& decisions;
  distribution::InvitationStore& invitations;
  distribution::OutboxStore& outbox;
  metrics::DimensionCache& dimensions;
};

// What became of a batch of events.
struct Decided {
  // How many invitations each event led to; events without one are absent.
  absl::flat_hash_map<Uuid, int> invitations;
  // What was counted, and written already. Call MarkCommitted on it after the commit.
  metrics::CellBatch cells;
};

class Decider {
 public:
  Decider(const DeciderRooms& rooms, const Clock& clock, Random& random)
      : rooms_(rooms), clock_(clock), random_(random) {}

  contacts::ContactStore& contacts() const { return rooms_.contacts; }

  // As MakePlan.
  absl::StatusOr<DecisionPlan> Plan(const TenantScope& scope, absl::Span<const absl::string_view> types) const {
    return MakePlan(rooms_.sources, scope, types);
  }

  // Reads what is known of the events' customers, without locks, and judges. The result points into `plan`.
  absl::StatusOr<Judged> Judge(mysql::Transaction& tx, const TenantScope& scope, const DecisionPlan& plan,
                               absl::Span<const NewEvent> events) const;

  // Decides on `events`, judged in this transaction and new, and writes decisions, clocks, invitations, messages and
  // counts. Adds the refusals to the events. Errors as the statements'.
  absl::StatusOr<Decided> Decide(mysql::Transaction& tx, const TenantScope& scope, const DecisionPlan& plan,
                                 absl::Span<JudgedEvent> events) const;

  // How many invitations each of `events`, decided before, led to.
  absl::StatusOr<absl::flat_hash_map<Uuid, int>> CountInvitations(mysql::Transaction& tx, const TenantScope& scope,
                                                                  absl::Span<const Uuid> events) const {
    return rooms_.decisions.CountInvitations(tx, scope, events);
  }

 private:
  DeciderRooms rooms_;
  const Clock& clock_;
  Random& random_;
};

}  // namespace canvass::triggers

#endif  // CANVASS_SERVER_TRIGGERS_DECIDE_H_
