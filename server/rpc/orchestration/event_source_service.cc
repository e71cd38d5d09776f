#include "server/rpc/orchestration/event_source_service.h"

#include "canvass/v1/event_source_service.pb.h"
#include "server/events/sources/create_event_source.h"
#include "server/events/sources/delete_event_source.h"
#include "server/events/sources/get_event_source.h"
#include "server/events/sources/update_event_source.h"

namespace canvass::rpc {

std::unique_ptr<RpcService> MakeEventSourceService(CallPipeline& pipeline, const Rooms& rooms) {
  auto service = std::make_unique<RpcService>("canvass.v1.EventSourceService", pipeline);
  service->Blocking<v1::CreateEventSourceRequest>("CreateEventSource", [&rooms](const Call& call, const auto& request) {
    return events::CreateEventSource(rooms.event_sources, rooms.event_source_catalog, rooms.clock, call.scope(),
                                     request);
  });
  service->Blocking<v1::GetEventSourceRequest>("GetEventSource", [&rooms](const Call& call, const auto& request) {
    return events::GetEventSource(rooms.event_sources, call.scope(), request);
  });
  service->Blocking<v1::ListEventSourcesRequest>("ListEventSources", [&rooms](const Call& call, const auto& request) {
    return events::ListEventSources(rooms.event_sources, call.scope(), request);
  });
  service->Blocking<v1::UpdateEventSourceRequest>("UpdateEventSource", [&rooms](const Call& call, const auto& request) {
    return events::UpdateEventSource(rooms.event_sources, rooms.event_source_catalog, rooms.clock, call.scope(),
                                     request);
  });
  service->Blocking<v1::DeleteEventSourceRequest>("DeleteEventSource", [&rooms](const Call& call, const auto& request) {
    return events::DeleteEventSource(rooms.event_sources, rooms.event_source_catalog, call.scope(), request);
  });
  return service;
}

}  // namespace canvass::rpc
