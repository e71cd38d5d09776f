#include "server/rpc/orchestration/operation_service.h"

#include "canvass/v1/operation_service.pb.h"
#include "server/operations/get_operation.h"

namespace canvass::rpc {

std::unique_ptr<RpcService> MakeOperationService(CallPipeline& pipeline, const Rooms& rooms) {
  auto service = std::make_unique<RpcService>("canvass.v1.OperationService", pipeline);
  service->Blocking<v1::GetOperationRequest>("GetOperation", [&rooms](const Call& call, const auto& request) {
    return operations::GetOperation(rooms.operations, call.scope(), request);
  });
  service->Blocking<v1::ListOperationsRequest>("ListOperations", [&rooms](const Call& call, const auto& request) {
    return operations::ListOperations(rooms.operations, call.scope(), request);
  });
  service->Blocking<v1::CancelOperationRequest>("CancelOperation", [&rooms](const Call& call, const auto& request) {
    return operations::CancelOperation(rooms.operations, rooms.clock, call.scope(), request);
  });
  return service;
}

}  // namespace canvass::rpc
