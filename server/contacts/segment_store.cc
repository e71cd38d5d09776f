#include "server/contacts/segment_store.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/base/status_macros.h"
#include "server/contacts/segments/segment.h"

namespace canvass::contacts {
namespace {

constexpr absl::string_view kSelect =
    "SELECT segment_id, revision, create_time, update_time, payload FROM segments WHERE tenant_id = ? ";

absl::StatusOr<v1::Segment> ReadSegment(const TenantScope& scope, const mysql::Row& row) {
  v1::Segment segment;
  if (!segment.ParseFromString(row.String(4))) {
    return Error(absl::StatusCode::kInternal, v1::ERROR_REASON_INTERNAL,
                 absl::StrCat("segment '", row.String(0), "' cannot be read"));
  }
  segment.set_name(SegmentName(scope, SegmentId(row.String(0))));
  segment.set_etag(absl::StrCat(row.Int(1)));
  *segment.mutable_create_time() = ToProto(row.Time(2));
  *segment.mutable_update_time() = ToProto(row.Time(3));
  return segment;
}

// What has no column.
std::string Payload(const v1::Segment& segment) {
  v1::Segment content;
  content.set_display_name(segment.display_name());
  *content.mutable_condition() = segment.condition();
  return content.SerializeAsString();
}

// Never one that an earlier segment of the same id had.
int64_t NextRevision(const v1::Segment& current, absl::Time now) {
  int64_t revision = 0;
  // An etag that we read ourselves is a number.
  if (!absl::SimpleAtoi(current.etag(), &revision)) revision = 0;
  return std::max(revision + 1, absl::ToUnixMicros(now));
}

absl::StatusOr<std::optional<v1::Segment>> SelectSegment(mysql::Transaction& tx, const TenantScope& scope,
                                                         const SegmentId& id, absl::string_view lock) {
  mysql::Params params;
  params.Add(scope.tenant()).Add(id);
  CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows, tx.Query(absl::StrCat(kSelect, "AND segment_id = ?", lock), params));
  if (rows.empty()) return std::nullopt;
  CANVASS_ASSIGN_OR_RETURN(v1::Segment segment, ReadSegment(scope, rows[0]));
  return segment;
}

}  // namespace

absl::StatusOr<v1::Segment> SegmentStore::Get(const TenantScope& scope, const SegmentId& id) {
  std::optional<v1::Segment> segment;
  CANVASS_RETURN_IF_ERROR(database_.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(segment, SelectSegment(tx, scope, id, ""));
    return segment.has_value() ? absl::OkStatus() : SegmentNotFound(id);
  }));
  return *std::move(segment);
}

absl::StatusOr<std::vector<v1::Segment>> SegmentStore::List(const TenantScope& scope, const SegmentId& after,
                                                            int limit) {
  mysql::Params params;
  params.Add(scope.tenant()).Add(after).Add(limit);
  std::vector<v1::Segment> segments;
  CANVASS_RETURN_IF_ERROR(database_.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    segments.clear();
    CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows,
                             tx.Query(absl::StrCat(kSelect, "AND segment_id > ? ORDER BY segment_id LIMIT ?"), params));
    for (const mysql::Row& row : rows) {
      CANVASS_ASSIGN_OR_RETURN(segments.emplace_back(), ReadSegment(scope, row));
    }
    return absl::OkStatus();
  }));
  return segments;
}

absl::StatusOr<std::optional<v1::Segment>> SegmentStore::Lock(mysql::Transaction& tx, const TenantScope& scope,
                                                              const SegmentId& id) {
  return SelectSegment(tx, scope, id, " FOR UPDATE");
}

absl::StatusOr<v1::Segment> SegmentStore::Insert(mysql::Transaction& tx, const TenantScope& scope, const SegmentId& id,
                                                 const v1::Segment& content, absl::Time now) {
  v1::Segment segment = content;
  const int64_t revision = NextRevision(v1::Segment(), now);
  segment.set_name(SegmentName(scope, id));
  *segment.mutable_create_time() = ToProto(now);
  *segment.mutable_update_time() = ToProto(now);
  segment.set_etag(absl::StrCat(revision));
  mysql::Params params;
  params.Add(scope.tenant()).Add(id).Add(revision).Add(now).Add(now).Add(Payload(segment));
  CANVASS_RETURN_IF_ERROR(tx.Execute("INSERT INTO segments (tenant_id, segment_id, revision, create_time, update_time, "
                                     "payload) VALUES (?, ?, ?, ?, ?, ?)",
                                     params)
                              .status());
  return segment;
}

absl::StatusOr<v1::Segment> SegmentStore::Update(mysql::Transaction& tx, const TenantScope& scope, const SegmentId& id,
                                                 const v1::Segment& segment, absl::Time now) {
  v1::Segment updated = segment;
  const int64_t revision = NextRevision(segment, now);
  *updated.mutable_update_time() = ToProto(now);
  updated.set_etag(absl::StrCat(revision));
  mysql::Params params;
  params.Add(revision).Add(now).Add(Payload(updated)).Add(scope.tenant()).Add(id);
  CANVASS_RETURN_IF_ERROR(
      tx.Execute(
            "UPDATE segments SET revision = ?, update_time = ?, payload = ? WHERE tenant_id = ? AND segment_id = ?",
            params)
          .status());
  return updated;
}

absl::Status SegmentStore::Delete(mysql::Transaction& tx, const TenantScope& scope, const SegmentId& id) {
  mysql::Params params;
  params.Add(scope.tenant()).Add(id);
  return tx.Execute("DELETE FROM segments WHERE tenant_id = ? AND segment_id = ?", params).status();
}

}  // namespace canvass::contacts
