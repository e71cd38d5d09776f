#include "server/rpc/orchestration/trigger_service.h"

#include "canvass/v1/trigger_service.pb.h"
#include "server/events/backtest/backtest_trigger.h"
#include "server/triggers/create_trigger.h"
#include "server/triggers/delete_trigger.h"
#include "server/triggers/get_trigger.h"
#include "server/triggers/pause_trigger.h"
#include "server/triggers/update_trigger.h"

namespace canvass::rpc {

std::unique_ptr<RpcService> MakeTriggerService(CallPipeline& pipeline, const Rooms& rooms) {
  auto service = std::make_unique<RpcService>("canvass.v1.TriggerService", pipeline);
  service->Blocking<v1::CreateTriggerRequest>("CreateTrigger", [&rooms](const Call& call, const auto& request) {
    return triggers::CreateTrigger(rooms.triggers, rooms.trigger_catalog, rooms.survey_catalog, rooms.clock,
                                   call.scope(), request);
  });
  service->Blocking<v1::GetTriggerRequest>("GetTrigger", [&rooms](const Call& call, const auto& request) {
    return triggers::GetTrigger(rooms.triggers, call.scope(), request);
  });
  service->Blocking<v1::ListTriggersRequest>("ListTriggers", [&rooms](const Call& call, const auto& request) {
    return triggers::ListTriggers(rooms.triggers, call.scope(), request);
  });
  service->Blocking<v1::UpdateTriggerRequest>("UpdateTrigger", [&rooms](const Call& call, const auto& request) {
    return triggers::UpdateTrigger(rooms.triggers, rooms.trigger_catalog, rooms.survey_catalog, rooms.clock,
                                   call.scope(), request);
  });
  service->Blocking<v1::DeleteTriggerRequest>("DeleteTrigger", [&rooms](const Call& call, const auto& request) {
    return triggers::DeleteTrigger(rooms.triggers, rooms.trigger_catalog, call.scope(), request);
  });
  service->Blocking<v1::PauseTriggerRequest>("PauseTrigger", [&rooms](const Call& call, const auto& request) {
    return triggers::PauseTrigger(rooms.triggers, rooms.trigger_catalog, rooms.clock, call.scope(), request);
  });
  service->Blocking<v1::ResumeTriggerRequest>("ResumeTrigger", [&rooms](const Call& call, const auto& request) {
    return triggers::ResumeTrigger(rooms.triggers, rooms.trigger_catalog, rooms.clock, call.scope(), request);
  });
  service->Blocking<v1::BacktestTriggerRequest>("BacktestTrigger", [&rooms](const Call& call, const auto& request) {
    return events::BacktestTrigger({.triggers = rooms.triggers,
                                    .surveys = rooms.survey_catalog,
                                    .operations = rooms.operations,
                                    .clock = rooms.clock,
                                    .random = rooms.random},
                                   call.scope(), request);
  });
  return service;
}

}  // namespace canvass::rpc
