#include "server/events/sources/delete_event_source.h"

#include "server/base/status_macros.h"
#include "server/events/sources/event_source.h"

namespace canvass::events {

absl::StatusOr<v1::DeleteEventSourceResponse> DeleteEventSource(EventSourceStore& sources, EventSourceCatalog& catalog,
                                                                const TenantScope& scope,
                                                                const v1::DeleteEventSourceRequest& request) {
  CANVASS_ASSIGN_OR_RETURN(const EventSourceId id, ParseEventSourceName(scope, "name", request.name()));
  const absl::Status status = sources.Delete(scope, id);
  catalog.Forget(scope);
  CANVASS_RETURN_IF_ERROR(status);
  return v1::DeleteEventSourceResponse();
}

}  // namespace canvass::events
