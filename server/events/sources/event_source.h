// The rules of event sources: what is a good one.
//
//   CANVASS_ASSIGN_OR_RETURN(const v1::EventSource content, NormalizeEventSource(request.event_source()));
//
// Pure. Thread-safe. Secrets never leave the server: what a handler returns went through WithoutSecret.
#ifndef CANVASS_SERVER_EVENTS_SOURCES_EVENT_SOURCE_H_
#define CANVASS_SERVER_EVENTS_SOURCES_EVENT_SOURCE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "canvass/v1/event_source.pb.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"

namespace canvass::events {

using EventSourceId = StrongId<struct EventSourceTag>;

// The content of `source` as it is stored: name and output fields cleared.
// InvalidArgument (INVALID_EVENT_SOURCE) with every violation at its path below `event_source`.
absl::StatusOr<v1::EventSource> NormalizeEventSource(const v1::EventSource& source);

v1::EventSource WithoutSecret(v1::EventSource source);

// The id in `tenants/{tenant}/eventSources/{source}`. InvalidArgument (INVALID_RESOURCE_NAME) if the name is of another
// shape; NotFound if it is another tenant's, or the id is none that a source can have.
absl::StatusOr<EventSourceId> ParseEventSourceName(const TenantScope& scope, absl::string_view field,
                                                   absl::string_view name);
std::string EventSourceName(const TenantScope& scope, const EventSourceId& id);

// NotFound, EVENT_SOURCE_NOT_FOUND.
absl::Status EventSourceNotFound(const EventSourceId& id);

}  // namespace canvass::events

#endif  // CANVASS_SERVER_EVENTS_SOURCES_EVENT_SOURCE_H_
