// canvass.v1.OperationService.
#ifndef CANVASS_SERVER_RPC_ORCHESTRATION_OPERATION_SERVICE_H_
#define CANVASS_SERVER_RPC_ORCHESTRATION_OPERATION_SERVICE_H_

#include <memory>

#include "server/rpc/call_pipeline.h"
#include "server/rpc/rooms.h"
#include "server/rpc/rpc_service.h"

namespace canvass::rpc {

// Both must outlive the service.
std::unique_ptr<RpcService> MakeOperationService(CallPipeline& pipeline, const Rooms& rooms);

}  // namespace canvass::rpc

#endif  // CANVASS_SERVER_RPC_ORCHESTRATION_OPERATION_SERVICE_H_
