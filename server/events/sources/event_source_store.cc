#include "server/events/sources/event_source_store.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/base/status_macros.h"

namespace canvass::events {
namespace {

constexpr absl::string_view kSelect =
    "SELECT source_id, revision, create_time, payload FROM event_sources WHERE tenant_id = ? ";

absl::StatusOr<v1::EventSource> ReadSource(const TenantScope& scope, const mysql::Row& row) {
  v1::EventSource source;
  if (!source.ParseFromString(row.String(3))) {
    return Error(absl::StatusCode::kInternal, v1::ERROR_REASON_INTERNAL,
                 absl::StrCat("event source '", row.String(0), "' cannot be read"));
  }
  source.set_name(EventSourceName(scope, EventSourceId(row.String(0))));
  source.set_etag(absl::StrCat(row.Int(1)));
  *source.mutable_create_time() = ToProto(row.Time(2));
  return source;
}

// What has no column.
std::string Payload(const v1::EventSource& source) {
  v1::EventSource content = source;
  content.clear_name();
  content.clear_create_time();
  content.clear_etag();
  return content.SerializeAsString();
}

int64_t NextRevision(const v1::EventSource& current, absl::Time now) {
  int64_t revision = 0;
  // An etag that we read ourselves is a number.
  if (!absl::SimpleAtoi(current.etag(), &revision)) revision = 0;
  return std::max(revision + 1, absl::ToUnixMicros(now));
}

}  // namespace

absl::StatusOr<v1::EventSource> EventSourceStore::Get(const TenantScope& scope, const EventSourceId& id) {
  mysql::Params params;
  params.Add(scope.tenant()).Add(id);
  v1::EventSource source;
  CANVASS_RETURN_IF_ERROR(database_.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows, tx.Query(absl::StrCat(kSelect, "AND source_id = ?"), params));
    if (rows.empty()) return EventSourceNotFound(id);
    CANVASS_ASSIGN_OR_RETURN(source, ReadSource(scope, rows[0]));
    return absl::OkStatus();
  }));
  return source;
}

absl::StatusOr<std::vector<v1::EventSource>> EventSourceStore::List(const TenantScope& scope,
                                                                    const EventSourceId& after, int limit) {
  mysql::Params params;
  params.Add(scope.tenant()).Add(after).Add(limit);
  std::vector<v1::EventSource> sources;
  CANVASS_RETURN_IF_ERROR(database_.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    sources.clear();
    CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows,
                             tx.Query(absl::StrCat(kSelect, "AND source_id > ? ORDER BY source_id LIMIT ?"), params));
    for (const mysql::Row& row : rows) {
      CANVASS_ASSIGN_OR_RETURN(v1::EventSource source, ReadSource(scope, row));
      sources.push_back(std::move(source));
    }
    return absl::OkStatus();
  }));
  return sources;
}

absl::StatusOr<std::optional<v1::EventSource>> EventSourceStore::Lock(mysql::Transaction& tx, const TenantScope& scope,
                                                                      const EventSourceId& id) {
  mysql::Params params;
  params.Add(scope.tenant()).Add(id);
  CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows,
                           tx.Query(absl::StrCat(kSelect, "AND source_id = ? FOR UPDATE"), params));
  if (rows.empty()) return std::nullopt;
  CANVASS_ASSIGN_OR_RETURN(v1::EventSource source, ReadSource(scope, rows[0]));
  return source;
}

absl::StatusOr<int64_t> EventSourceStore::Count(mysql::Transaction& tx, const TenantScope& scope) {
  mysql::Params params;
  params.Add(scope.tenant());
  CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows,
                           tx.Query("SELECT COUNT(*) FROM event_sources WHERE tenant_id = ?", params));
  return rows[0].Int(0);
}

absl::StatusOr<v1::EventSource> EventSourceStore::Insert(mysql::Transaction& tx, const TenantScope& scope,
                                                         const EventSourceId& id, const v1::EventSource& content,
                                                         absl::Time now) {
  v1::EventSource source = content;
  const int64_t revision = NextRevision(v1::EventSource(), now);
  source.set_name(EventSourceName(scope, id));
  *source.mutable_create_time() = ToProto(now);
  source.set_etag(absl::StrCat(revision));
  mysql::Params params;
  params.Add(scope.tenant()).Add(id).Add(revision).Add(now).Add(Payload(source));
  CANVASS_RETURN_IF_ERROR(tx.Execute("INSERT INTO event_sources (tenant_id, source_id, revision, create_time, payload) "
                                     "VALUES (?, ?, ?, ?, ?)",
                                     params)
                              .status());
  return source;
}

absl::StatusOr<v1::EventSource> EventSourceStore::Update(mysql::Transaction& tx, const TenantScope& scope,
                                                         const EventSourceId& id, const v1::EventSource& source,
                                                         absl::Time now) {
  v1::EventSource updated = source;
  const int64_t revision = NextRevision(source, now);
  updated.set_etag(absl::StrCat(revision));
  mysql::Params params;
  params.Add(revision).Add(Payload(updated)).Add(scope.tenant()).Add(id);
  CANVASS_RETURN_IF_ERROR(
      tx.Execute("UPDATE event_sources SET revision = ?, payload = ? WHERE tenant_id = ? AND source_id = ?", params)
          .status());
  return updated;
}

absl::Status EventSourceStore::Delete(const TenantScope& scope, const EventSourceId& id) {
  mysql::Params params;
  params.Add(scope.tenant()).Add(id);
  return database_.Write(scope, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(const int64_t matched,
                             tx.Execute("DELETE FROM event_sources WHERE tenant_id = ? AND source_id = ?", params));
    return matched == 0 ? EventSourceNotFound(id) : absl::OkStatus();
  });
}

}  // namespace canvass::events
