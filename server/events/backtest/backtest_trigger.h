// TriggerService.BacktestTrigger: checks what is asked, and hands it on as an operation. What that does is in
// run_backtest.h.
// Thread-safe; blocks.
#ifndef CANVASS_SERVER_EVENTS_BACKTEST_BACKTEST_TRIGGER_H_
#define CANVASS_SERVER_EVENTS_BACKTEST_BACKTEST_TRIGGER_H_

#include "absl/status/statusor.h"
#include "canvass/v1/operation.pb.h"
#include "canvass/v1/trigger_service.pb.h"
#include "server/base/clock.h"
#include "server/base/random.h"
#include "server/base/tenant_scope.h"
#include "server/events/backtest/run_backtest.h"
#include "server/operations/operation_runner.h"
#include "server/operations/operation_store.h"
#include "server/surveys/survey_catalog.h"
#include "server/triggers/trigger_store.h"

namespace canvass::events {

// The kind of its operations.
inline constexpr char kBacktestTrigger[] = "BacktestTrigger";

// All outlive the calls.
struct BacktestDesk {
  triggers::TriggerStore& triggers;
  surveys::SurveyCatalog& surveys;
  operations::OperationStore& operations;
  const Clock& clock;
  Random& random;
};

// The new operation. InvalidArgument (INVALID_FIELD) for a bad range or no trigger; for an unsaved trigger as
// CreateTrigger; NotFound (TRIGGER_NOT_FOUND) for saved ones; ResourceExhausted (QUOTA_EXCEEDED).
absl::StatusOr<v1::Operation> BacktestTrigger(const BacktestDesk& desk, const TenantScope& scope,
                                              const v1::BacktestTriggerRequest& request);

// What the runner does with operations of that kind. `sources` outlive it.
operations::OperationFunction BacktestFunction(const BacktestSources& sources);

}  // namespace canvass::events

#endif  // CANVASS_SERVER_EVENTS_BACKTEST_BACKTEST_TRIGGER_H_
