#include "server/events/sources/create_event_source.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/events/sources/event_source.h"

namespace canvass::events {
namespace {

absl::Status CheckSame(const EventSourceId& id, const v1::EventSource& existing, const v1::EventSource& content) {
  CANVASS_ASSIGN_OR_RETURN(const v1::EventSource stored, NormalizeEventSource(existing));
  if (stored.SerializeAsString() == content.SerializeAsString()) return absl::OkStatus();
  return Error(
      absl::StatusCode::kAlreadyExists, v1::ERROR_REASON_RESOURCE_EXISTS,
      absl::StrCat("event source '", id.value(), "' exists with other content; change it with UpdateEventSource"));
}

absl::Status CheckRoom(EventSourceStore& sources, mysql::Transaction& tx, const TenantScope& scope) {
  CANVASS_ASSIGN_OR_RETURN(const int64_t count, sources.Count(tx, scope));
  if (count < EventSourceCatalog::kMaxSources) return absl::OkStatus();
  return Error(absl::StatusCode::kResourceExhausted, v1::ERROR_REASON_QUOTA_EXCEEDED,
               absl::StrCat("a tenant has at most ", EventSourceCatalog::kMaxSources,
                            " event sources; delete those that are not used"));
}

absl::StatusOr<v1::EventSource> CreateOnce(EventSourceStore& sources, const Clock& clock, const TenantScope& scope,
                                           const EventSourceId& id, const v1::EventSource& content) {
  v1::EventSource result;
  CANVASS_RETURN_IF_ERROR(sources.database().Write(scope, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(const std::optional<v1::EventSource> existing, sources.Lock(tx, scope, id));
    if (existing.has_value()) {
      result = *existing;
      return CheckSame(id, *existing, content);
    }
    CANVASS_RETURN_IF_ERROR(CheckRoom(sources, tx, scope));
    CANVASS_ASSIGN_OR_RETURN(result, sources.Insert(tx, scope, id, content, clock.Now()));
    return absl::OkStatus();
  }));
  return WithoutSecret(result);
}

}  // namespace

absl::StatusOr<v1::EventSource> CreateEventSource(EventSourceStore& sources, EventSourceCatalog& catalog,
                                                  const Clock& clock, const TenantScope& scope,
                                                  const v1::CreateEventSourceRequest& request) {
  CANVASS_RETURN_IF_ERROR(CheckParent(scope, request.parent()));
  CANVASS_RETURN_IF_ERROR(CheckChosenId("event_source_id", request.event_source_id()));
  CANVASS_ASSIGN_OR_RETURN(const v1::EventSource content, NormalizeEventSource(request.event_source()));
  const EventSourceId id(request.event_source_id());
  absl::StatusOr<v1::EventSource> source = CreateOnce(sources, clock, scope, id, content);
  // Somebody else created it between our look and our insert: now it is there to be compared with.
  if (mysql::IsDuplicateKey(source.status())) source = CreateOnce(sources, clock, scope, id, content);
  catalog.Forget(scope);
  return source;
}

}  // namespace canvass::events
