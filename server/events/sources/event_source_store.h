// The rows of event sources. The etag is the revision. It starts at the time of creation, so that a source deleted and
// created again does not repeat an old etag.
//
// What it returns holds the secrets. Thread-safe; calls block.
#ifndef CANVASS_SERVER_EVENTS_SOURCES_EVENT_SOURCE_STORE_H_
#define CANVASS_SERVER_EVENTS_SOURCES_EVENT_SOURCE_STORE_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "canvass/v1/event_source.pb.h"
#include "server/base/tenant_scope.h"
#include "server/events/sources/event_source.h"
#include "server/mysql/database.h"

namespace canvass::events {

class EventSourceStore {
 public:
  explicit EventSourceStore(mysql::Database& database) : database_(database) {}

  mysql::Database& database() { return database_; }

  // Each fills in name, create_time and etag of the message it returns.

  // NotFound, EVENT_SOURCE_NOT_FOUND, if there is none.
  absl::StatusOr<v1::EventSource> Get(const TenantScope& scope, const EventSourceId& id);
  // Sources by id, from behind `after` (empty: from the first); at most `limit`.
  absl::StatusOr<std::vector<v1::EventSource>> List(const TenantScope& scope, const EventSourceId& after, int limit);

  // Reads and locks one row. None if it does not exist.
  absl::StatusOr<std::optional<v1::EventSource>> Lock(mysql::Transaction& tx, const TenantScope& scope,
                                                      const EventSourceId& id);
  // How many the tenant has.
  absl::StatusOr<int64_t> Count(mysql::Transaction& tx, const TenantScope& scope);
  // AlreadyExists with IsDuplicateKey if the id is taken.
  absl::StatusOr<v1::EventSource> Insert(mysql::Transaction& tx, const TenantScope& scope, const EventSourceId& id,
                                         const v1::EventSource& content, absl::Time now);
  // Writes the content of a locked source under a new revision.
  absl::StatusOr<v1::EventSource> Update(mysql::Transaction& tx, const TenantScope& scope, const EventSourceId& id,
                                         const v1::EventSource& source, absl::Time now);
  // NotFound, EVENT_SOURCE_NOT_FOUND, if there is none.
  absl::Status Delete(const TenantScope& scope, const EventSourceId& id);

 private:
  mysql::Database& database_;
};

}  // namespace canvass::events

#endif  // CANVASS_SERVER_EVENTS_SOURCES_EVENT_SOURCE_STORE_H_
