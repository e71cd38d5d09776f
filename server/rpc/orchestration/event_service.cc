#include "server/rpc/orchestration/event_service.h"

#include <utility>

#include "canvass/v1/event_service.pb.h"
#include "server/events/event_intake.h"
#include "server/events/get_event.h"
#include "server/events/publish_events.h"

namespace canvass::rpc {

std::unique_ptr<RpcService> MakeEventService(CallPipeline& pipeline, const Rooms& rooms) {
  auto service = std::make_unique<RpcService>("canvass.v1.EventService", pipeline);
  service->Blocking<v1::PublishEventsRequest>("PublishEvents", [&rooms](const Call& call, const auto& request) {
    return events::PublishEvents(rooms.events, rooms.decider, rooms.clock, rooms.random, call.scope(), request,
                                 call.deadline());
  });
  service->Blocking<v1::GetEventRequest>("GetEvent", [&rooms](const Call& call, const auto& request) {
    return events::GetEvent(rooms.events, call.scope(), request);
  });
  service->Blocking<v1::ListEventsRequest>("ListEvents", [&rooms](const Call& call, const auto& request) {
    return events::ListEvents(rooms.events, call.scope(), request);
  });
  service->Streaming<v1::StreamEventsRequest, v1::StreamEventsResponse>(
      "StreamEvents", [&rooms](const CallFacts& facts, v1::StreamEventsRequest request, auto done) {
        rooms.event_intake.Submit(facts.scope, std::move(request), facts.deadline, std::move(done));
      });
  return service;
}

}  // namespace canvass::rpc
