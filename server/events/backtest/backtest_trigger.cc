#include "server/events/backtest/backtest_trigger.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "canvass/stored/v1/backtest.pb.h"
#include "server/base/aip/time_range.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/triggers/trigger.h"

namespace canvass::events {
namespace {

constexpr absl::Duration kDefaultRange = absl::Hours(24 * 30);
constexpr int kMaxDays = 366;

absl::StatusOr<v1::Trigger> SavedTrigger(const BacktestDesk& desk, const TenantScope& scope, absl::string_view field,
                                         absl::string_view name) {
  CANVASS_ASSIGN_OR_RETURN(const TriggerId id, triggers::ParseTriggerName(scope, field, name));
  return desk.triggers.Get(scope, id);
}

// Checked and filled in as CreateTrigger does it.
absl::StatusOr<v1::Trigger> UnsavedTrigger(const BacktestDesk& desk, const TenantScope& scope,
                                           const v1::Trigger& trigger) {
  CANVASS_ASSIGN_OR_RETURN(v1::Trigger content, triggers::NormalizeTrigger(scope, trigger));
  CANVASS_RETURN_IF_ERROR(desk.surveys.Status(scope, triggers::SurveyOf(content)).status());
  CANVASS_RETURN_IF_ERROR(desk.triggers.database().Write(
      scope, [&](mysql::Transaction& tx) { return desk.triggers.LockSegment(tx, scope, content); }));
  if (trigger.name().empty()) return content;
  CANVASS_ASSIGN_OR_RETURN(const TriggerId id, triggers::ParseTriggerName(scope, "trigger.name", trigger.name()));
  content.set_name(ResourceName(scope.tenant(), {"triggers", id.value()}));
  return content;
}

absl::Status AddRules(const BacktestDesk& desk, const TenantScope& scope, const v1::BacktestTriggerRequest& request,
                      stored::v1::Backtest& backtest) {
  switch (request.rule_case()) {
    case v1::BacktestTriggerRequest::kTrigger: {
      CANVASS_ASSIGN_OR_RETURN(*backtest.mutable_candidate(), UnsavedTrigger(desk, scope, request.trigger()));
      break;
    }
    case v1::BacktestTriggerRequest::kName: {
      CANVASS_ASSIGN_OR_RETURN(*backtest.mutable_candidate(), SavedTrigger(desk, scope, "name", request.name()));
      break;
    }
    case v1::BacktestTriggerRequest::RULE_NOT_SET:
      return FieldError(v1::ERROR_REASON_INVALID_FIELD, "trigger",
                        "give a trigger to replay, or in `name` the name of a saved one");
  }
  backtest.mutable_candidate()->set_state(v1::Trigger::STATE_ACTIVE);
  if (!request.compare_with().empty()) {
    CANVASS_ASSIGN_OR_RETURN(*backtest.mutable_in_force(),
                             SavedTrigger(desk, scope, "compare_with", request.compare_with()));
  } else if (request.has_trigger() && !backtest.candidate().name().empty()) {
    absl::StatusOr<v1::Trigger> saved = SavedTrigger(desk, scope, "trigger.name", backtest.candidate().name());
    if (saved.ok()) *backtest.mutable_in_force() = *std::move(saved);
    if (!saved.ok() && !absl::IsNotFound(saved.status())) return saved.status();
  }
  return absl::OkStatus();
}

absl::Status AddRange(const Clock& clock, const v1::BacktestTriggerRequest& request, stored::v1::Backtest& backtest) {
  Violations violations;
  CheckTimeRange(request, violations);
  CANVASS_RETURN_IF_ERROR(violations.ToStatus(v1::ERROR_REASON_INVALID_FIELD));
  const absl::Time end = request.has_end_time() ? FromProto(request.end_time()) : clock.Now();
  const absl::Time start = request.has_start_time() ? FromProto(request.start_time()) : end - kDefaultRange;
  if (start >= end) violations.Add("start_time", "is not before end_time");
  if (end - start > absl::Hours(24 * kMaxDays)) {
    violations.Add("start_time", absl::StrCat("is more than ", kMaxDays, " days before end_time; shorten the range"));
  }
  *backtest.mutable_start_time() = ToProto(start);
  *backtest.mutable_end_time() = ToProto(end);
  return violations.ToStatus(v1::ERROR_REASON_INVALID_FIELD);
}

}  // namespace

absl::StatusOr<v1::Operation> BacktestTrigger(const BacktestDesk& desk, const TenantScope& scope,
                                              const v1::BacktestTriggerRequest& request) {
  CANVASS_RETURN_IF_ERROR(CheckParent(scope, request.parent()));
  stored::v1::Backtest backtest;
  CANVASS_RETURN_IF_ERROR(AddRules(desk, scope, request, backtest));
  CANVASS_RETURN_IF_ERROR(AddRange(desk.clock, request, backtest));
  const absl::Time now = desk.clock.Now();
  return desk.operations.Create(scope,
                                {.id = Uuid::V7(now, desk.random),
                                 .kind = kBacktestTrigger,
                                 .target = backtest.candidate().name(),
                                 .request = backtest.SerializeAsString()},
                                now);
}

operations::OperationFunction BacktestFunction(const BacktestSources& sources) {
  return [sources](const TenantScope& scope, const std::string& request, operations::OperationRun& run,
                   v1::Operation& result) -> absl::Status {
    stored::v1::Backtest backtest;
    if (!backtest.ParseFromString(request)) return absl::InternalError("a backtest's request cannot be read");
    CANVASS_ASSIGN_OR_RETURN(*result.mutable_backtest(), RunBacktest(sources, scope, backtest, run));
    return absl::OkStatus();
  };
}

}  // namespace canvass::events
