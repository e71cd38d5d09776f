#include "server/events/event_store.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/base/status_macros.h"

namespace canvass::events {
namespace {

// Far below 1,000 values, from which on MariaDB turns an IN list into a subquery.
constexpr std::size_t kMaxInList = 512;
// Each round leaves out what others have committed meanwhile, so a second or third is the exception.
constexpr int kMaxRounds = 20;

absl::Status InsertAll(mysql::Transaction& tx, const TenantScope& scope, absl::Span<const EventRow> rows,
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

absl::StatusOr<absl::flat_hash_map<Uuid, StoredEvent>> FindAll(mysql::Transaction& tx, const TenantScope& scope,
                                                               absl::Span<const EventRow> wanted) {
  absl::flat_hash_map<Uuid, StoredEvent> found;
  for (std::size_t i = 0; i < wanted.size(); i += kMaxInList) {
    const absl::Span<const EventRow> part = wanted.subspan(i, kMaxInList);
    const std::size_t padded = mysql::PadCount(part.size());
    mysql::Params params;
    std::string keys;
    for (std::size_t j = 0; j < padded; ++j) {
      absl::StrAppend(&keys, j == 0 ? "" : ",", "(?,?)");
      params.Add(scope.tenant()).Add(part[std::min(j, part.size() - 1)].event->key);
    }
    // FORCE INDEX, because the optimizer likes to walk through all of a table that it believes to be small.
    CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows,
                             tx.Query(absl::StrCat("SELECT event_key, content_digest, batch_id FROM events FORCE INDEX "
                                                   "(PRIMARY) WHERE (tenant_id, event_key) IN (",
                                                   keys, ")"),
                                      params));
    for (const mysql::Row& row : rows) {
      found[row.Uuid(0)] = {.content_digest = row.String(1), .batch = row.Uuid(2)};
    }
  }
  return found;
}

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

absl::StatusOr<absl::flat_hash_map<Uuid, StoredEvent>> EventStore::InsertNew(mysql::Transaction& tx,
                                                                             const TenantScope& scope,
                                                                             absl::Span<const EventRow> rows,
                                                                             const Uuid& batch,
                                                                             absl::Time receive_time) {
  absl::flat_hash_map<Uuid, StoredEvent> known;
  std::vector<EventRow> rest(rows.begin(), rows.end());
  // Nearly always all are new and the first INSERT takes them. Where it meets a duplicate, whoever stored that has
  // committed by then (the INSERT waits for it), so it can be read and left out. An INSERT that locks what it finds
  // would save the loop, but make publishers of the same events wait for each other to the end.
  for (int round = 0; round < kMaxRounds; ++round) {
    const absl::Status inserted = InsertAll(tx, scope, rest, batch, receive_time);
    if (inserted.ok()) return known;
    if (!mysql::IsDuplicateKey(inserted)) return inserted;
    CANVASS_ASSIGN_OR_RETURN(const auto found, FindAll(tx, scope, rest));
    // Large batches take several statements: those before the one that failed have inserted theirs, under our batch.
    for (const auto& [key, stored] : found) {
      if (stored.batch != batch) known.emplace(key, stored);
    }
    std::erase_if(rest, [&](const EventRow& row) { return found.contains(row.event->key); });
  }
  return Error(absl::StatusCode::kAborted, v1::ERROR_REASON_CONFLICT,
               "other publishers send the same events at the same time; try again");
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
