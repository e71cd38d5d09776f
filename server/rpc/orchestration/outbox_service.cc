#include "server/rpc/orchestration/outbox_service.h"

#include "canvass/v1/outbox_service.pb.h"
#include "server/distribution/outbox/get_outbox_message.h"
#include "server/distribution/outbox/replay_outbox_messages.h"

namespace canvass::rpc {

std::unique_ptr<RpcService> MakeOutboxService(CallPipeline& pipeline, const Rooms& rooms) {
  auto service = std::make_unique<RpcService>("canvass.v1.OutboxService", pipeline);
  service->Blocking<v1::GetOutboxMessageRequest>("GetOutboxMessage", [&rooms](const Call& call, const auto& request) {
    return distribution::GetOutboxMessage(rooms.outbox, call.scope(), request);
  });
  service->Blocking<v1::ListOutboxMessagesRequest>(
      "ListOutboxMessages", [&rooms](const Call& call, const auto& request) {
        return distribution::ListOutboxMessages(rooms.outbox, call.scope(), request);
      });
  service->Blocking<v1::ReplayOutboxMessagesRequest>(
      "ReplayOutboxMessages", [&rooms](const Call& call, const auto& request) {
        return distribution::ReplayOutboxMessages(rooms.outbox, rooms.invitations, rooms.clock, call.scope(), request);
      });
  return service;
}

}  // namespace canvass::rpc
