#include "server/rpc/orchestration/suppression_service.h"

#include "canvass/v1/suppression_service.pb.h"
#include "server/contacts/suppressions/create_suppression.h"
#include "server/contacts/suppressions/list_suppressions.h"

namespace canvass::rpc {

std::unique_ptr<RpcService> MakeSuppressionService(CallPipeline& pipeline, const Rooms& rooms) {
  auto service = std::make_unique<RpcService>("canvass.v1.SuppressionService", pipeline);
  service->Blocking<v1::CreateSuppressionRequest>("CreateSuppression", [&rooms](const Call& call, const auto& request) {
    return contacts::CreateSuppression(rooms.suppressions, rooms.clock, call.scope(), request);
  });
  service->Blocking<v1::DeleteSuppressionRequest>("DeleteSuppression", [&rooms](const Call& call, const auto& request) {
    return contacts::DeleteSuppression(rooms.suppressions, call.scope(), request);
  });
  service->Blocking<v1::ListSuppressionsRequest>("ListSuppressions", [&rooms](const Call& call, const auto& request) {
    return contacts::ListSuppressions(rooms.suppressions, call.scope(), request);
  });
  return service;
}

}  // namespace canvass::rpc
