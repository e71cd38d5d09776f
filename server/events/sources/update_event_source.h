// EventSourceService.UpdateEventSource.
// Thread-safe; blocks.
#ifndef CANVASS_SERVER_EVENTS_SOURCES_UPDATE_EVENT_SOURCE_H_
#define CANVASS_SERVER_EVENTS_SOURCES_UPDATE_EVENT_SOURCE_H_

#include "absl/status/statusor.h"
#include "canvass/v1/event_source_service.pb.h"
#include "server/base/clock.h"
#include "server/base/tenant_scope.h"
#include "server/events/sources/event_source_catalog.h"
#include "server/events/sources/event_source_store.h"

namespace canvass::events {

// Changes display name and, unless it is empty, the secret; returns the source without it.
// InvalidArgument (INVALID_EVENT_SOURCE, also for another kind), NotFound (EVENT_SOURCE_NOT_FOUND), Aborted
// (ETAG_MISMATCH).
absl::StatusOr<v1::EventSource> UpdateEventSource(EventSourceStore& sources, EventSourceCatalog& catalog,
                                                  const Clock& clock, const TenantScope& scope,
                                                  const v1::UpdateEventSourceRequest& request);

}  // namespace canvass::events

#endif  // CANVASS_SERVER_EVENTS_SOURCES_UPDATE_EVENT_SOURCE_H_
