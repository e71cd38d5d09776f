// EventSourceService.CreateEventSource.
// Thread-safe; blocks.
#ifndef CANVASS_SERVER_EVENTS_SOURCES_CREATE_EVENT_SOURCE_H_
#define CANVASS_SERVER_EVENTS_SOURCES_CREATE_EVENT_SOURCE_H_

#include "absl/status/statusor.h"
#include "canvass/v1/event_source_service.pb.h"
#include "server/base/clock.h"
#include "server/base/tenant_scope.h"
#include "server/events/sources/event_source_catalog.h"
#include "server/events/sources/event_source_store.h"

namespace canvass::events {

// Creates a source and returns it without its secret; the same content again returns what is there.
// InvalidArgument (INVALID_IDENTIFIER, INVALID_EVENT_SOURCE), AlreadyExists (RESOURCE_EXISTS) if the id is taken by
// other content, ResourceExhausted (QUOTA_EXCEEDED) if the tenant has as many as it can.
absl::StatusOr<v1::EventSource> CreateEventSource(EventSourceStore& sources, EventSourceCatalog& catalog,
                                                  const Clock& clock, const TenantScope& scope,
                                                  const v1::CreateEventSourceRequest& request);

}  // namespace canvass::events

#endif  // CANVASS_SERVER_EVENTS_SOURCES_CREATE_EVENT_SOURCE_H_
