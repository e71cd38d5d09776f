#include "server/rpc/orchestration/decision_service.h"

#include "canvass/v1/decision_service.pb.h"
#include "server/distribution/watching/watch_decisions.h"
#include "server/triggers/decisions/explain_decision.h"
#include "server/triggers/decisions/get_decision.h"

namespace canvass::rpc {

std::unique_ptr<RpcService> MakeDecisionService(CallPipeline& pipeline, const Rooms& rooms) {
  auto service = std::make_unique<RpcService>("canvass.v1.DecisionService", pipeline);
  service->Blocking<v1::GetDecisionRequest>("GetDecision", [&rooms](const Call& call, const auto& request) {
    return triggers::GetDecision(rooms.decisions, rooms.triggers, call.scope(), request);
  });
  service->Blocking<v1::ListDecisionsRequest>("ListDecisions", [&rooms](const Call& call, const auto& request) {
    return triggers::ListDecisions(rooms.decisions, rooms.triggers, call.scope(), request);
  });
  service->Blocking<v1::CountDecisionsRequest>("CountDecisions", [&rooms](const Call& call, const auto& request) {
    return triggers::CountDecisions(rooms.decisions, rooms.triggers, call.scope(), request);
  });
  service->Blocking<v1::ExplainDecisionRequest>("ExplainDecision", [&rooms](const Call& call, const auto& request) {
    return triggers::ExplainDecision(rooms.decisions, rooms.triggers, call.scope(), request);
  });
  service->Pushing<v1::WatchDecisionsRequest, v1::WatchDecisionsResponse>(
      "WatchDecisions", [&rooms](const Call& call, const auto& request) {
        return distribution::WatchDecisions(rooms.decision_watch, call.scope(), request);
      });
  return service;
}

}  // namespace canvass::rpc
