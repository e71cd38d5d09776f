#include "server/events/sources/update_event_source.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/status_macros.h"
#include "server/events/sources/event_source.h"

namespace canvass::events {
namespace {

// The source as it is after the update of what is stored.
absl::StatusOr<v1::EventSource> Changed(const v1::EventSource& stored, const v1::EventSource& wanted) {
  if (!wanted.etag().empty() && wanted.etag() != stored.etag()) {
    return Error(absl::StatusCode::kAborted, v1::ERROR_REASON_ETAG_MISMATCH,
                 "event_source.etag is not the current one: somebody else changed the source; read it again, then "
                 "change it");
  }
  if (wanted.kind() != v1::EventSource::KIND_UNSPECIFIED && wanted.kind() != stored.kind()) {
    return FieldError(v1::ERROR_REASON_INVALID_EVENT_SOURCE, "event_source.kind",
                      absl::StrCat("is ", v1::EventSource::Kind_Name(stored.kind()),
                                   " and fixed; create another source for another system"));
  }
  v1::EventSource merged = stored;
  merged.set_display_name(wanted.display_name());
  if (!wanted.secret().empty()) merged.set_secret(wanted.secret());
  CANVASS_RETURN_IF_ERROR(NormalizeEventSource(merged).status());
  return merged;
}

}  // namespace

absl::StatusOr<v1::EventSource> UpdateEventSource(EventSourceStore& sources, EventSourceCatalog& catalog,
                                                  const Clock& clock, const TenantScope& scope,
                                                  const v1::UpdateEventSourceRequest& request) {
  const v1::EventSource& wanted = request.event_source();
  CANVASS_ASSIGN_OR_RETURN(const EventSourceId id, ParseEventSourceName(scope, "event_source.name", wanted.name()));
  v1::EventSource result;
  const absl::Status status = sources.database().Write(scope, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(const std::optional<v1::EventSource> stored, sources.Lock(tx, scope, id));
    if (!stored.has_value()) return EventSourceNotFound(id);
    CANVASS_ASSIGN_OR_RETURN(const v1::EventSource changed, Changed(*stored, wanted));
    CANVASS_ASSIGN_OR_RETURN(result, sources.Update(tx, scope, id, changed, clock.Now()));
    return absl::OkStatus();
  });
  catalog.Forget(scope);
  CANVASS_RETURN_IF_ERROR(status);
  return WithoutSecret(result);
}

}  // namespace canvass::events
