#include "server/events/event_store.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/base/status_macros.h"

namespace canvass::events {
namespace {

// Far below 1,000 values, from which on MariaDB turns an IN list into a subquery.
constexpr std::size_t kMaxInList = 512;

absl::StatusOr<v1::Event> ReadEvent(const TenantScope& scope, const mysql::Row& row) {
  v1::Event event;
  const Uuid key = row.Uuid(0);
  if (!event.ParseFromString(row.String(2))) {
    return Error(absl::StatusCode::kInternal, v1::ERROR_REASON_INTERNAL,
                 absl::StrCat("event ", key.ToString(), " cannot be read"));
  }
  event.set_name(EventName(scope, key));
  *event.mutable_receive_time() = ToProto(row.Time(1));
  return event;
}

}  // namespace

absl::StatusOr<absl::flat_hash_map<Uuid, StoredEvent>> EventStore::Find(mysql::Transaction& tx,
                                                                        const TenantScope& scope,
                                                                        absl::Span<const Uuid> keys) {
  absl::flat_hash_map<Uuid, StoredEvent> found;
  for (std::size_t i = 0; i < keys.size(); i += kMaxInList) {
    const absl::Span<const Uuid> part = keys.subspan(i, kMaxInList);
    mysql::Params params;
    const std::string pairs = mysql::TenantPairs(scope, part, params);
    CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows,
                             tx.Query(absl::StrCat("SELECT event_key, content_digest, batch_id FROM events FORCE INDEX "
                                                   "(PRIMARY) WHERE (tenant_id, event_key) IN ",
                                                   pairs),
                                      params));
    for (const mysql::Row& row : rows) {
      found[row.Uuid(0)] = {.content_digest = row.String(1), .batch = row.Uuid(2)};
    }
  }
  return found;
}

absl::Status EventStore::Insert(mysql::Transaction& tx, const TenantScope& scope, absl::Span<const EventRow> rows,
                                const Uuid& batch, absl::Time receive_time) {
  mysql::Params params;
  for (const EventRow& row : rows) {
    params.Add(scope.tenant()).Add(row.event->key).Add(row.event->event.type()).Add(row.contact);
    params.Add(FromProto(row.event->event.time())).Add(receive_time).Add(row.event->content_digest).Add(batch);
    params.Add(row.event->payload);
    if (row.verdicts.empty()) {
      params.AddNull();
    } else {
      params.Add(row.verdicts);
    }
  }
  return tx.InsertRows(
      "INSERT INTO events (tenant_id, event_key, type, contact_id, event_time, receive_time, content_digest, batch_id, "
      "payload, verdicts) VALUES",
      10, params);
}

absl::StatusOr<v1::Event> EventStore::Get(const TenantScope& scope, const Uuid& key) {
  mysql::Params params;
  params.Add(scope.tenant()).Add(key);
  std::optional<v1::Event> event;
  CANVASS_RETURN_IF_ERROR(database_.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        tx.Query("SELECT event_key, receive_time, payload FROM events WHERE tenant_id = ? AND event_key = ?", params));
    if (rows.empty()) return EventNotFound(key.ToString());
    CANVASS_ASSIGN_OR_RETURN(event, ReadEvent(scope, rows[0]));
    return absl::OkStatus();
  }));
  return *std::move(event);
}

absl::StatusOr<std::vector<v1::Event>> EventStore::List(const TenantScope& scope, const EventFilter& filter,
                                                        const std::optional<EventPosition>& after, int limit) {
  mysql::Params params;
  params.Add(scope.tenant());
  std::string sql = "SELECT event_key, receive_time, payload FROM events WHERE tenant_id = ? ";
  if (filter.contact.has_value()) {
    absl::StrAppend(&sql, "AND contact_id = ? ");
    params.Add(*filter.contact);
  }
  absl::StrAppend(&sql, "AND event_time >= ? AND event_time < ? ");
  params.Add(filter.start).Add(filter.end);
  if (after.has_value()) {
    absl::StrAppend(&sql, "AND event_time <= ? AND (event_time < ? OR event_key < ?) ");
    params.Add(after->event_time).Add(after->event_time).Add(after->key);
  }
  absl::StrAppend(&sql, "ORDER BY event_time DESC, event_key DESC LIMIT ?");
  params.Add(limit);
  std::vector<v1::Event> events;
  CANVASS_RETURN_IF_ERROR(database_.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    events.clear();
    CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows, tx.Query(sql, params));
    for (const mysql::Row& row : rows) {
      CANVASS_ASSIGN_OR_RETURN(v1::Event event, ReadEvent(scope, row));
      events.push_back(std::move(event));
    }
    return absl::OkStatus();
  }));
  return events;
}

}  // namespace canvass::events
