// Every service of the contract, on the rooms that serve it.
#ifndef CANVASS_SERVER_MAIN_SERVICES_H_
#define CANVASS_SERVER_MAIN_SERVICES_H_

#include <memory>
#include <vector>

#include "server/rpc/call_pipeline.h"
#include "server/rpc/rooms.h"
#include "server/rpc/rpc_service.h"

namespace canvass {

// Both must outlive the services.
std::vector<std::unique_ptr<rpc::RpcService>> MakeServices(rpc::CallPipeline& pipeline, const rpc::Rooms& rooms);

}  // namespace canvass

#endif  // CANVASS_SERVER_MAIN_SERVICES_H_
