// Decides on new events: for every event and every trigger of its type exactly one decision, and the invitations that
// follow, in the caller's transaction.
//
//   CANVASS_ASSIGN_OR_RETURN(DecisionPlan plan, decider.Plan(scope, types));        // before the transaction: may read
//   CANVASS_ASSIGN_OR_RETURN(Decided decided, decider.Decide(tx, scope, plan, new_events));
//
// The events of one call are decided in the order of their times, then keys. Frequency caps hold against everything
// that was ever decided, in whatever order events arrive: see contact_clocks.h. Thread-safe; calls block.
#ifndef CANVASS_SERVER_TRIGGERS_DECIDE_H_
#define CANVASS_SERVER_TRIGGERS_DECIDE_H_

#include <memory>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "canvass/v1/event.pb.h"
#include "canvass/v1/survey.pb.h"
#include "server/base/clock.h"
#include "server/base/ids.h"
#include "server/base/random.h"
#include "server/base/tenant_scope.h"
#include "server/contacts/contact_store.h"
#include "server/distribution/decision_store.h"
#include "server/distribution/invitation_store.h"
#include "server/metrics/cell_batch.h"
#include "server/metrics/dimension_cache.h"
#include "server/mysql/database.h"
#include "server/surveys/survey_catalog.h"
#include "server/triggers/trigger_catalog.h"

namespace canvass::triggers {

// An event that was stored in this transaction. `event` outlives the call.
struct NewEvent {
  Uuid key;
  const v1::Event* event;
};

// A survey as a trigger sees it. `version` is null unless it is published and open.
struct AskedSurvey {
  surveys::SurveyStatus status;
  std::shared_ptr<const v1::SurveyVersion> version = nullptr;
};

// The triggers and surveys that a batch is judged by: one state for the whole batch.
struct DecisionPlan {
  std::shared_ptr<const TenantTriggers> triggers;
  absl::flat_hash_map<SurveyId, AskedSurvey> surveys;
};

// What became of a batch of events.
struct Decided {
  std::vector<int> invitations;  // that each event led to, in the order of the events
  // What was counted, and written already. Call MarkCommitted on it after the commit.
  metrics::CellBatch cells;
};

class Decider {
 public:
  Decider(TriggerCatalog& triggers, surveys::SurveyCatalog& surveys, contacts::ContactStore& contacts,
          distribution::DecisionStore& decisions, distribution::InvitationStore& invitations,
          metrics::DimensionCache& dimensions, const Clock& clock, Random& random)
      : triggers_(triggers),
        surveys_(surveys),
        contacts_(contacts),
        decisions_(decisions),
        invitations_(invitations),
        dimensions_(dimensions),
        clock_(clock),
        random_(random) {}

  // Looks up what events of `types` will be judged by. Reads on connections of its own: never call it inside a
  // transaction.
  absl::StatusOr<DecisionPlan> Plan(const TenantScope& scope, absl::Span<const absl::string_view> types);

  // Decides on `events` and writes decisions, clocks, invitations and stage counts. Errors as the statements'.
  absl::StatusOr<Decided> Decide(mysql::Transaction& tx, const TenantScope& scope, const DecisionPlan& plan,
                                 absl::Span<const NewEvent> events);

  // How many invitations each of `events`, decided before, led to.
  absl::StatusOr<absl::flat_hash_map<Uuid, int>> CountInvitations(mysql::Transaction& tx, const TenantScope& scope,
                                                                  absl::Span<const Uuid> events);

 private:
  TriggerCatalog& triggers_;
  surveys::SurveyCatalog& surveys_;
  contacts::ContactStore& contacts_;
  distribution::DecisionStore& decisions_;
  distribution::InvitationStore& invitations_;
  metrics::DimensionCache& dimensions_;
  const Clock& clock_;
  Random& random_;
};

}  // namespace canvass::triggers

#endif  // CANVASS_SERVER_TRIGGERS_DECIDE_H_
