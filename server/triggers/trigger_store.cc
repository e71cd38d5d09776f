#include "server/triggers/trigger_store.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/contacts/segment_store.h"
#include "server/contacts/segments/segment.h"
#include "server/triggers/trigger.h"

namespace canvass::triggers {
namespace {

constexpr absl::string_view kSelect =
    "SELECT trigger_id, state, revision, create_time, update_time, payload FROM triggers WHERE tenant_id = ? ";
constexpr absl::string_view kSelectWithRevision =
    "SELECT trigger_id, state, revision, create_time, update_time, payload, (SELECT MAX(r.revision) FROM "
    "trigger_revisions r WHERE r.tenant_id = triggers.tenant_id AND r.trigger_id = triggers.trigger_id) FROM triggers "
    "WHERE tenant_id = ? ";

// Far below 1,000 values, from which on MariaDB turns an IN list into a subquery.
constexpr std::size_t kMaxInList = 512;

absl::StatusOr<v1::Trigger> ReadTrigger(const TenantScope& scope, const mysql::Row& row) {
  v1::Trigger trigger;
  if (!trigger.ParseFromString(row.String(5))) {
    return Error(absl::StatusCode::kInternal, v1::ERROR_REASON_INTERNAL,
                 absl::StrCat("trigger '", row.String(0), "' cannot be read"));
  }
  trigger.set_name(ResourceName(scope.tenant(), {"triggers", row.String(0)}));
  trigger.set_state(static_cast<v1::Trigger::State>(row.Int(1)));
  trigger.set_etag(absl::StrCat(row.Int(2)));
  *trigger.mutable_create_time() = ToProto(row.Time(3));
  *trigger.mutable_update_time() = ToProto(row.Time(4));
  return trigger;
}

// What has no column.
std::string Payload(const v1::Trigger& trigger) {
  v1::Trigger content = trigger;
  content.clear_name();
  content.clear_state();
  content.clear_create_time();
  content.clear_update_time();
  content.clear_etag();
  return content.SerializeAsString();
}

// Keeps `trigger`, whose row is locked, under the next of its revisions. What is made again after it was deleted goes
// on counting, so that no revision ever means two things.
absl::Status KeepRevision(mysql::Transaction& tx, const TenantScope& scope, const TriggerId& id,
                          const v1::Trigger& trigger, absl::Time now) {
  mysql::Params params;
  params.Add(scope.tenant()).Add(id).Add(now).Add(trigger.SerializeAsString()).Add(scope.tenant()).Add(id);
  return tx
      .Execute(
          "INSERT INTO trigger_revisions (tenant_id, trigger_id, revision, create_time, payload) SELECT ?, ?, "
          "COALESCE(MAX(revision), 0) + 1, ?, ? FROM trigger_revisions WHERE tenant_id = ? AND trigger_id = ?",
          params)
      .status();
}

int64_t NextRevision(const v1::Trigger& current, absl::Time now) {
  int64_t revision = 0;
  // An etag that we read ourselves is a number.
  if (!absl::SimpleAtoi(current.etag(), &revision)) revision = 0;
  return std::max(revision + 1, absl::ToUnixMicros(now));
}

}  // namespace

absl::StatusOr<v1::Trigger> TriggerStore::Get(const TenantScope& scope, const TriggerId& id) {
  mysql::Params params;
  params.Add(scope.tenant()).Add(id);
  std::optional<v1::Trigger> trigger;
  CANVASS_RETURN_IF_ERROR(database_.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows, tx.Query(absl::StrCat(kSelect, "AND trigger_id = ?"), params));
    if (rows.empty()) return TriggerNotFound(id);
    CANVASS_ASSIGN_OR_RETURN(trigger, ReadTrigger(scope, rows[0]));
    return absl::OkStatus();
  }));
  return *std::move(trigger);
}

absl::StatusOr<std::vector<v1::Trigger>> TriggerStore::List(const TenantScope& scope, const TriggerId& after,
                                                            int limit) {
  mysql::Params params;
  params.Add(scope.tenant()).Add(after).Add(limit);
  std::vector<v1::Trigger> triggers;
  CANVASS_RETURN_IF_ERROR(database_.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    triggers.clear();
    CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows,
                             tx.Query(absl::StrCat(kSelect, "AND trigger_id > ? ORDER BY trigger_id LIMIT ?"), params));
    for (const mysql::Row& row : rows) {
      CANVASS_ASSIGN_OR_RETURN(v1::Trigger trigger, ReadTrigger(scope, row));
      triggers.push_back(std::move(trigger));
    }
    return absl::OkStatus();
  }));
  return triggers;
}

absl::StatusOr<std::vector<TriggerRevision>> TriggerStore::ListRevisions(const TenantScope& scope,
                                                                         const TriggerId& after, int limit) {
  mysql::Params params;
  params.Add(scope.tenant()).Add(after).Add(limit);
  std::vector<TriggerRevision> revisions;
  CANVASS_RETURN_IF_ERROR(database_.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    revisions.clear();
    CANVASS_ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        tx.Query(absl::StrCat(kSelectWithRevision, "AND trigger_id > ? ORDER BY trigger_id LIMIT ?"), params));
    for (const mysql::Row& row : rows) {
      CANVASS_ASSIGN_OR_RETURN(v1::Trigger trigger, ReadTrigger(scope, row));
      revisions.push_back({.trigger = std::move(trigger), .revision = row.Int(6)});
    }
    return absl::OkStatus();
  }));
  return revisions;
}

absl::StatusOr<absl::flat_hash_map<RevisionKey, v1::Trigger>> TriggerStore::GetRevisions(
    const TenantScope& scope, absl::Span<const RevisionKey> keys) {
  absl::flat_hash_map<RevisionKey, v1::Trigger> found;
  const auto read = [&](mysql::Transaction& tx, absl::Span<const RevisionKey> part) -> absl::Status {
    // Two at least: see DecisionStore::MarkSent.
    const std::size_t padded = std::max<std::size_t>(2, mysql::PadCount(part.size()));
    mysql::Params params;
    std::string tuples;
    for (std::size_t i = 0; i < padded; ++i) {
      const RevisionKey& key = part[std::min(i, part.size() - 1)];
      absl::StrAppend(&tuples, i == 0 ? "" : ",", "(?,?,?)");
      params.Add(scope.tenant()).Add(key.trigger).Add(key.revision);
    }
    CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows,
                             tx.Query(absl::StrCat("SELECT trigger_id, revision, payload FROM trigger_revisions FORCE "
                                                   "INDEX (PRIMARY) WHERE (tenant_id, trigger_id, revision) IN (",
                                                   tuples, ")"),
                                      params));
    for (const mysql::Row& row : rows) {
      v1::Trigger& trigger = found[{.trigger = TriggerId(row.String(0)), .revision = row.Int(1)}];
      if (!trigger.ParseFromString(row.String(2))) {
        return Error(absl::StatusCode::kInternal, v1::ERROR_REASON_INTERNAL,
                     absl::StrCat("revision ", row.Int(1), " of trigger '", row.String(0), "' cannot be read"));
      }
    }
    return absl::OkStatus();
  };
  CANVASS_RETURN_IF_ERROR(database_.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    found.clear();
    for (std::size_t i = 0; i < keys.size(); i += kMaxInList) {
      CANVASS_RETURN_IF_ERROR(read(tx, keys.subspan(i, kMaxInList)));
    }
    return absl::OkStatus();
  }));
  return found;
}

absl::StatusOr<std::optional<v1::Trigger>> TriggerStore::Lock(mysql::Transaction& tx, const TenantScope& scope,
                                                              const TriggerId& id) {
  mysql::Params params;
  params.Add(scope.tenant()).Add(id);
  CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows,
                           tx.Query(absl::StrCat(kSelect, "AND trigger_id = ? FOR UPDATE"), params));
  if (rows.empty()) return std::nullopt;
  CANVASS_ASSIGN_OR_RETURN(v1::Trigger trigger, ReadTrigger(scope, rows[0]));
  return trigger;
}

absl::StatusOr<v1::Trigger> TriggerStore::Insert(mysql::Transaction& tx, const TenantScope& scope, const TriggerId& id,
                                                 const v1::Trigger& content, absl::Time now) {
  v1::Trigger trigger = content;
  const int64_t revision = NextRevision(v1::Trigger(), now);
  trigger.set_name(ResourceName(scope.tenant(), {"triggers", id.value()}));
  trigger.set_state(v1::Trigger::STATE_ACTIVE);
  *trigger.mutable_create_time() = ToProto(now);
  *trigger.mutable_update_time() = ToProto(now);
  trigger.set_etag(absl::StrCat(revision));
  mysql::Params params;
  params.Add(scope.tenant()).Add(id).Add(static_cast<int>(trigger.state())).Add(trigger.event_type());
  params.Add(SurveyOf(trigger)).Add(revision).Add(now).Add(now).Add(Payload(trigger));
  CANVASS_RETURN_IF_ERROR(
      tx.Execute("INSERT INTO triggers (tenant_id, trigger_id, state, event_type, survey_id, revision, create_time, "
                 "update_time, payload) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                 params)
          .status());
  CANVASS_RETURN_IF_ERROR(KeepRevision(tx, scope, id, trigger, now));
  return trigger;
}

absl::StatusOr<v1::Trigger> TriggerStore::Update(mysql::Transaction& tx, const TenantScope& scope, const TriggerId& id,
                                                 const v1::Trigger& trigger, absl::Time now) {
  v1::Trigger updated = trigger;
  const int64_t revision = NextRevision(trigger, now);
  *updated.mutable_update_time() = ToProto(now);
  updated.set_etag(absl::StrCat(revision));
  mysql::Params params;
  params.Add(static_cast<int>(updated.state())).Add(updated.event_type()).Add(SurveyOf(updated)).Add(revision);
  params.Add(now).Add(Payload(updated)).Add(scope.tenant()).Add(id);
  CANVASS_RETURN_IF_ERROR(
      tx.Execute("UPDATE triggers SET state = ?, event_type = ?, survey_id = ?, revision = ?, update_time = ?, "
                 "payload = ? WHERE tenant_id = ? AND trigger_id = ?",
                 params)
          .status());
  CANVASS_RETURN_IF_ERROR(KeepRevision(tx, scope, id, updated, now));
  return updated;
}

absl::Status TriggerStore::LockSegment(mysql::Transaction& tx, const TenantScope& scope, const v1::Trigger& trigger) {
  if (trigger.segment().empty()) return absl::OkStatus();
  CANVASS_ASSIGN_OR_RETURN(const SegmentId id, contacts::ParseSegmentName(scope, "trigger.segment", trigger.segment()));
  CANVASS_ASSIGN_OR_RETURN(const auto segment, contacts::SegmentStore(database_).Lock(tx, scope, id));
  return segment.has_value() ? absl::OkStatus() : contacts::SegmentNotFound(id);
}

absl::StatusOr<std::string> TriggerStore::FindOfSegment(mysql::Transaction& tx, const TenantScope& scope,
                                                        absl::string_view segment) {
  constexpr int kRowsPerQuery = 200;
  std::string after;
  while (true) {
    mysql::Params params;
    params.Add(scope.tenant()).Add(after).Add(kRowsPerQuery);
    CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows,
                             tx.Query(absl::StrCat(kSelect, "AND trigger_id > ? ORDER BY trigger_id LIMIT ?"), params));
    for (const mysql::Row& row : rows) {
      CANVASS_ASSIGN_OR_RETURN(const v1::Trigger trigger, ReadTrigger(scope, row));
      if (trigger.segment() == segment) return row.String(0);
    }
    if (rows.size() < static_cast<std::size_t>(kRowsPerQuery)) return "";
    after = rows.back().String(0);
  }
}

absl::Status TriggerStore::Delete(const TenantScope& scope, const TriggerId& id) {
  mysql::Params params;
  params.Add(scope.tenant()).Add(id);
  return database_.Write(scope, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(const int64_t matched,
                             tx.Execute("DELETE FROM triggers WHERE tenant_id = ? AND trigger_id = ?", params));
    return matched == 0 ? TriggerNotFound(id) : absl::OkStatus();
  });
}

}  // namespace canvass::triggers
