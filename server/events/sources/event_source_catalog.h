// Every tenant's event sources with their secrets, kept for a few seconds so that a call of a webhook, which anybody
// can make, costs no statement before its signature is known to be right.
//
//   CANVASS_ASSIGN_OR_RETURN(const v1::EventSource source, catalog.Find(scope, EventSourceId("shop")));
//
// Thread-safe; Find blocks when it has to read.
#ifndef CANVASS_SERVER_EVENTS_SOURCES_EVENT_SOURCE_CATALOG_H_
#define CANVASS_SERVER_EVENTS_SOURCES_EVENT_SOURCE_CATALOG_H_

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "canvass/v1/event_source.pb.h"
#include "server/base/clock.h"
#include "server/base/tenant_cache.h"
#include "server/base/tenant_scope.h"
#include "server/events/sources/event_source.h"
#include "server/events/sources/event_source_store.h"

namespace canvass::events {

class EventSourceCatalog {
 public:
  // How many sources a tenant can have: they are kept in memory together.
  static constexpr int kMaxSources = 200;

  EventSourceCatalog(EventSourceStore& store, const Clock& clock) : store_(store), cache_(clock) {}

  // With its secret. NotFound, EVENT_SOURCE_NOT_FOUND, if there is none.
  absl::StatusOr<v1::EventSource> Find(const TenantScope& scope, const EventSourceId& id);
  // Call after every committed write.
  void Forget(const TenantScope& scope) { cache_.Forget(scope); }

 private:
  using Sources = absl::flat_hash_map<EventSourceId, v1::EventSource>;
  absl::StatusOr<Sources> Load(const TenantScope& scope);

  EventSourceStore& store_;
  TenantCache<Sources> cache_;
};

}  // namespace canvass::events

#endif  // CANVASS_SERVER_EVENTS_SOURCES_EVENT_SOURCE_CATALOG_H_
