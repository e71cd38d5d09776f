// EventSourceService.GetEventSource and ListEventSources.
// Thread-safe; both block.
#ifndef CANVASS_SERVER_EVENTS_SOURCES_GET_EVENT_SOURCE_H_
#define CANVASS_SERVER_EVENTS_SOURCES_GET_EVENT_SOURCE_H_

#include "absl/status/statusor.h"
#include "canvass/v1/event_source_service.pb.h"
#include "server/base/tenant_scope.h"
#include "server/events/sources/event_source_store.h"

namespace canvass::events {

// Without its secret. NotFound (EVENT_SOURCE_NOT_FOUND) if there is none.
absl::StatusOr<v1::EventSource> GetEventSource(EventSourceStore& sources, const TenantScope& scope,
                                               const v1::GetEventSourceRequest& request);

// Without secrets. InvalidArgument (INVALID_FIELD, INVALID_PAGE_TOKEN) for a bad page.
absl::StatusOr<v1::ListEventSourcesResponse> ListEventSources(EventSourceStore& sources, const TenantScope& scope,
                                                              const v1::ListEventSourcesRequest& request);

}  // namespace canvass::events

#endif  // CANVASS_SERVER_EVENTS_SOURCES_GET_EVENT_SOURCE_H_
