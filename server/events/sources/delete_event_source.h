// EventSourceService.DeleteEventSource. The source's events stay.
// Thread-safe; blocks.
#ifndef CANVASS_SERVER_EVENTS_SOURCES_DELETE_EVENT_SOURCE_H_
#define CANVASS_SERVER_EVENTS_SOURCES_DELETE_EVENT_SOURCE_H_

#include "absl/status/statusor.h"
#include "canvass/v1/event_source_service.pb.h"
#include "server/base/tenant_scope.h"
#include "server/events/sources/event_source_catalog.h"
#include "server/events/sources/event_source_store.h"

namespace canvass::events {

// NotFound (EVENT_SOURCE_NOT_FOUND) if there is none.
absl::StatusOr<v1::DeleteEventSourceResponse> DeleteEventSource(EventSourceStore& sources, EventSourceCatalog& catalog,
                                                                const TenantScope& scope,
                                                                const v1::DeleteEventSourceRequest& request);

}  // namespace canvass::events

#endif  // CANVASS_SERVER_EVENTS_SOURCES_DELETE_EVENT_SOURCE_H_
