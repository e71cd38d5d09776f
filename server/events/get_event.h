// EventService.GetEvent and ListEvents.
// Thread-safe; both block.
#ifndef CANVASS_SERVER_EVENTS_GET_EVENT_H_
#define CANVASS_SERVER_EVENTS_GET_EVENT_H_

#include "absl/status/statusor.h"
#include "canvass/v1/event_service.pb.h"
#include "server/base/tenant_scope.h"
#include "server/events/event_store.h"

namespace canvass::events {

// NotFound (EVENT_NOT_FOUND) if there is none.
absl::StatusOr<v1::Event> GetEvent(EventStore& events, const TenantScope& scope, const v1::GetEventRequest& request);

// InvalidArgument (INVALID_FIELD, INVALID_PAGE_TOKEN) for a bad page or filter.
absl::StatusOr<v1::ListEventsResponse> ListEvents(EventStore& events, const TenantScope& scope,
                                                  const v1::ListEventsRequest& request);

}  // namespace canvass::events

#endif  // CANVASS_SERVER_EVENTS_GET_EVENT_H_
