// The work of a backtest: replays one trigger, or two side by side, over the stored events of a span of time.
//
//   CANVASS_ASSIGN_OR_RETURN(v1::BacktestResult result, RunBacktest(parts, scope, request, run));
//
// Two chunks of events are in memory, some 200 bytes for every customer that a trigger may ask, and the invitations of
// other triggers where they matter: see other_asks.h. Thread-safe; blocks.
#ifndef CANVASS_SERVER_EVENTS_BACKTEST_RUN_BACKTEST_H_
#define CANVASS_SERVER_EVENTS_BACKTEST_RUN_BACKTEST_H_

#include "absl/status/statusor.h"
#include "canvass/stored/v1/backtest.pb.h"
#include "canvass/v1/backtest.pb.h"
#include "server/base/tenant_scope.h"
#include "server/contacts/contact_store.h"
#include "server/contacts/suppression_store.h"
#include "server/operations/operation_runner.h"
#include "server/triggers/plan.h"

namespace canvass::events {

// All outlive the calls.
struct BacktestSources {
  const triggers::PlanSources& plan;
  contacts::ContactStore& contacts;
  contacts::SuppressionStore& suppressions;
};

// Cancelled once `run` is stopped. Other errors as the statements'.
absl::StatusOr<v1::BacktestResult> RunBacktest(const BacktestSources& sources, const TenantScope& scope,
                                               const stored::v1::Backtest& request, operations::OperationRun& run);

}  // namespace canvass::events

#endif  // CANVASS_SERVER_EVENTS_BACKTEST_RUN_BACKTEST_H_
