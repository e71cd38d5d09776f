#include "server/distribution/outbox/outbox_store.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/distribution/outbox/outbox_message.h"
#include "server/mysql/lease.h"

namespace canvass::distribution {
namespace {

constexpr int kWaiting = v1::OutboxMessage::STATE_WAITING;
constexpr absl::string_view kSelect =
    "SELECT message_id, invitation_id, contact_id, channel, reminder, state, attempt_time, attempt_count, create_time, "
    "finish_time, token, payload, reports FROM outbox ";
constexpr absl::string_view kSelectReplayable = "SELECT message_id, invitation_id, create_time FROM outbox ";

// What one may send again. Mails and text messages that left are not repeated: people would get them twice.
std::string MayReplay() {
  return absl::StrCat("(state = ", v1::OutboxMessage::STATE_DEAD, " OR (state = ", v1::OutboxMessage::STATE_SENT,
                      " AND channel = ", v1::Invitation::CHANNEL_WEBHOOK, "))");
}

// For statements under FORCE INDEX (PRIMARY).
std::string ByIds(const TenantScope& scope, absl::Span<const Uuid> ids, mysql::Params& params) {
  return absl::StrCat("WHERE (tenant_id, message_id) IN ", mysql::TenantPairs(scope, ids, params), " ");
}

// The part of a message that has no column: its attempts and, as attempt_time, when it was due first.
std::string Payload(const v1::OutboxMessage& message, absl::Time due) {
  v1::OutboxMessage stored;
  *stored.mutable_attempts() = message.attempts();
  *stored.mutable_attempt_time() = ToProto(due);
  return stored.SerializeAsString();
}

absl::Status Unreadable(const Uuid& id) {
  return Error(absl::StatusCode::kInternal, v1::ERROR_REASON_INTERNAL,
               absl::StrCat("outbox message ", id.ToString(), " cannot be read"));
}

absl::StatusOr<ClaimedMessage> ReadMessage(const TenantScope& scope, const mysql::Row& row) {
  ClaimedMessage read;
  read.id = row.Uuid(0);
  read.invitation = row.Uuid(1);
  read.token = row.Int(10);
  v1::OutboxMessage& message = read.message;
  if (!message.ParseFromString(row.String(11))) return Unreadable(read.id);
  if (!row.IsNull(12) && !message.MergeFromString(row.String(12))) return Unreadable(read.id);
  read.due = FromProto(message.attempt_time());
  message.set_name(ResourceName(scope.tenant(), {"outboxMessages", read.id.ToString()}));
  message.set_invitation(ResourceName(scope.tenant(), {"invitations", read.invitation.ToString()}));
  message.set_contact(ResourceName(scope.tenant(), {"contacts", row.String(2)}));
  message.set_channel(static_cast<v1::Invitation::Channel>(row.Int(3)));
  message.set_reminder(static_cast<int>(row.Int(4)));
  message.set_state(static_cast<v1::OutboxMessage::State>(row.Int(5)));
  *message.mutable_attempt_time() = ToProto(row.Time(6));
  message.set_attempt_count(static_cast<int>(row.Int(7)));
  *message.mutable_create_time() = ToProto(row.Time(8));
  if (!row.IsNull(9)) *message.mutable_finish_time() = ToProto(row.Time(9));
  return read;
}

// When their leases end does not matter here: whoever reads them has claimed them, or only looks.
absl::StatusOr<std::vector<ClaimedMessage>> ReadMessages(const TenantScope& scope, const mysql::Rows& rows) {
  std::vector<ClaimedMessage> messages;
  messages.reserve(rows.size());
  for (const mysql::Row& row : rows) {
    CANVASS_ASSIGN_OR_RETURN(ClaimedMessage message, ReadMessage(scope, row));
    messages.push_back(std::move(message));
  }
  return messages;
}

std::vector<Uuid> IdsOf(const mysql::Rows& rows) {
  std::vector<Uuid> ids;
  ids.reserve(rows.size());
  for (const mysql::Row& row : rows) ids.push_back(row.Uuid(0));
  return ids;
}

std::vector<Replayable> ReadReplayable(const mysql::Rows& rows) {
  std::vector<Replayable> found;
  found.reserve(rows.size());
  for (const mysql::Row& row : rows) {
    found.push_back({.id = row.Uuid(0), .invitation = row.Uuid(1), .create_time = row.Time(2)});
  }
  return found;
}

// The least id that a message made at `time` can have.
Uuid FirstIdOf(absl::Time time) {
  const int64_t millis = std::max<int64_t>(0, absl::ToUnixMillis(time));
  std::string bytes;
  for (int shift = 40; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(millis >> shift));
  bytes.resize(16, '\0');
  return Uuid::FromBytes(bytes);
}

}  // namespace

absl::Status OutboxStore::Insert(mysql::Transaction& tx, const TenantScope& scope,
                                 absl::Span<const NewMessage> messages, absl::Time now) {
  mysql::Params params;
  for (const NewMessage& message : messages) {
    const absl::Time due = message.due == absl::InfinitePast() ? message.attempt_time : message.due;
    params.Add(scope.tenant()).Add(message.id).Add(message.invitation).Add(message.contact);
    params.Add(static_cast<int>(message.channel)).Add(message.reminder).Add(kWaiting).Add(message.attempt_time);
    params.Add(0).Add("").Add(0).Add(0).Add(now).Add(Payload({}, due));
  }
  return tx.InsertRows(
      "INSERT INTO outbox (tenant_id, message_id, invitation_id, contact_id, channel, reminder, state, attempt_time, "
      "attempt_count, owner, lease_until, token, create_time, payload) VALUES",
      14, params);
}

absl::StatusOr<std::vector<ClaimedMessage>> OutboxStore::Claim(const TenantScope& scope, const ClaimRequest& request) {
  std::vector<Uuid> due;
  CANVASS_RETURN_IF_ERROR(database_.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    mysql::Params params;
    params.Add(kWaiting).Add(scope.tenant()).Add(static_cast<int>(request.channel)).Add(request.now);
    params.Add(request.limit);
    CANVASS_ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        tx.Query("SELECT message_id FROM outbox FORCE INDEX (by_due) WHERE state = ? AND tenant_id = ? AND channel = ? "
                 "AND attempt_time <= ? AND lease_until < " CANVASS_DATABASE_MICROS " ORDER BY attempt_time LIMIT ?",
                 params));
    due = IdsOf(rows);
    return absl::OkStatus();
  }));
  std::vector<ClaimedMessage> claimed;
  if (due.empty()) return claimed;
  // By primary key and of columns in no index, so that claims and writes of other messages never wait for each other.
  CANVASS_RETURN_IF_ERROR(database_.Write(scope, [&](mysql::Transaction& tx) -> absl::Status {
    claimed.clear();
    mysql::Params params;
    params.Add(request.owner).Add(absl::ToInt64Microseconds(request.lease));
    const std::string update =
        absl::StrCat("UPDATE outbox FORCE INDEX (PRIMARY) SET owner = ?, lease_until = " CANVASS_DATABASE_MICROS
                     " + ?, token = token + 1 ",
                     ByIds(scope, due, params), "AND state = ? AND lease_until < " CANVASS_DATABASE_MICROS);
    params.Add(kWaiting);
    CANVASS_ASSIGN_OR_RETURN(const int64_t count, tx.Execute(update, params));
    if (count == 0) return absl::OkStatus();
    mysql::Params mine;
    const std::string select =
        absl::StrCat(kSelect, "FORCE INDEX (PRIMARY) ", ByIds(scope, due, mine), "AND owner = ?");
    CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows, tx.Query(select, mine.Add(request.owner)));
    CANVASS_ASSIGN_OR_RETURN(claimed, ReadMessages(scope, rows));
    return absl::OkStatus();
  }));
  return claimed;
}

absl::Status OutboxStore::Renew(const TenantScope& scope, absl::string_view owner, absl::Span<const Uuid> ids,
                                absl::Duration lease) {
  if (ids.empty()) return absl::OkStatus();
  return database_.Write(scope, [&](mysql::Transaction& tx) -> absl::Status {
    mysql::Params params;
    params.Add(absl::ToInt64Microseconds(lease));
    const std::string sql =
        absl::StrCat("UPDATE outbox FORCE INDEX (PRIMARY) SET lease_until = " CANVASS_DATABASE_MICROS " + ? ",
                     ByIds(scope, ids, params), "AND owner = ?");
    return tx.Execute(sql, params.Add(owner)).status();
  });
}

absl::StatusOr<bool> OutboxStore::Write(mysql::Transaction& tx, const TenantScope& scope,
                                        const ClaimedMessage& claimed) {
  const v1::OutboxMessage& message = claimed.message;
  mysql::Params params;
  params.Add(static_cast<int>(message.channel()));
  params.Add(static_cast<int>(message.channel())).Add(static_cast<int>(message.state()));
  params.Add(FromProto(message.attempt_time())).Add(message.attempt_count());
  if (message.has_finish_time()) {
    params.Add(FromProto(message.finish_time()));
  } else {
    params.AddNull();
  }
  params.Add(Payload(message, claimed.due)).Add(scope.tenant()).Add(claimed.id).Add(claimed.token);
  CANVASS_ASSIGN_OR_RETURN(
      const int64_t written,
      tx.Execute("UPDATE outbox SET reports = CASE WHEN channel = ? THEN reports END, channel = ?, state = ?, "
                 "attempt_time = ?, attempt_count = ?, finish_time = ?, "
                 "payload = ?, owner = '', lease_until = 0 WHERE tenant_id = ? AND message_id = ? AND token = ?",
                 params));
  return written == 1;
}

absl::StatusOr<std::optional<ClaimedMessage>> OutboxStore::Lock(mysql::Transaction& tx, const TenantScope& scope,
                                                                const Uuid& id) {
  CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows,
                           tx.Query(absl::StrCat(kSelect, "WHERE tenant_id = ? AND message_id = ? FOR UPDATE"),
                                    mysql::Params().Add(scope.tenant()).Add(id)));
  if (rows.empty()) return std::nullopt;
  CANVASS_ASSIGN_OR_RETURN(ClaimedMessage message, ReadMessage(scope, rows[0]));
  return message;
}

absl::Status OutboxStore::WriteReports(mysql::Transaction& tx, const TenantScope& scope,
                                       const ClaimedMessage& message) {
  v1::OutboxMessage reports;
  *reports.mutable_reports() = message.message.reports();
  mysql::Params params;
  params.Add(static_cast<int>(message.message.state())).Add(reports.SerializeAsString());
  params.Add(scope.tenant()).Add(message.id);
  return tx.Execute("UPDATE outbox SET state = ?, reports = ? WHERE tenant_id = ? AND message_id = ?", params).status();
}

absl::Status OutboxStore::CancelOf(mysql::Transaction& tx, const TenantScope& scope, const Uuid& invitation,
                                   absl::Time now) {
  mysql::Params params;
  params.Add(static_cast<int>(v1::OutboxMessage::STATE_CANCELLED)).Add(now);
  params.Add(scope.tenant()).Add(invitation).Add(kWaiting);
  // The token grows, so that whoever holds the message finds out.
  return tx
      .Execute(
          "UPDATE outbox SET state = ?, finish_time = ?, owner = '', lease_until = 0, token = token + 1 "
          "WHERE tenant_id = ? AND invitation_id = ? AND state = ?",
          params)
      .status();
}

absl::StatusOr<v1::OutboxMessage> OutboxStore::Get(const TenantScope& scope, const Uuid& id) {
  std::vector<ClaimedMessage> found;
  CANVASS_RETURN_IF_ERROR(database_.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows,
                             tx.Query(absl::StrCat(kSelect, "WHERE tenant_id = ? AND message_id = ?"),
                                      mysql::Params().Add(scope.tenant()).Add(id)));
    CANVASS_ASSIGN_OR_RETURN(found, ReadMessages(scope, rows));
    return absl::OkStatus();
  }));
  if (found.empty()) return OutboxMessageNotFound(id);
  return std::move(found[0].message);
}

absl::StatusOr<std::vector<v1::OutboxMessage>> OutboxStore::List(const TenantScope& scope, const OutboxFilter& filter,
                                                                 const std::optional<Uuid>& after, int limit) {
  mysql::Params params;
  params.Add(scope.tenant());
  std::string sql = absl::StrCat(kSelect, "WHERE tenant_id = ? ");
  if (filter.state != v1::OutboxMessage::STATE_UNSPECIFIED) {
    absl::StrAppend(&sql, "AND state = ? ");
    params.Add(static_cast<int>(filter.state));
  }
  if (filter.invitation.has_value()) {
    absl::StrAppend(&sql, "AND invitation_id = ? ");
    params.Add(*filter.invitation);
  }
  if (after.has_value()) {
    absl::StrAppend(&sql, "AND message_id < ? ");
    params.Add(*after);
  }
  // Version 7 UUIDs sort by the time at which they were made.
  absl::StrAppend(&sql, "ORDER BY message_id DESC LIMIT ?");
  params.Add(limit);
  std::vector<v1::OutboxMessage> messages;
  CANVASS_RETURN_IF_ERROR(database_.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    messages.clear();
    CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows, tx.Query(sql, params));
    CANVASS_ASSIGN_OR_RETURN(std::vector<ClaimedMessage> read, ReadMessages(scope, rows));
    for (ClaimedMessage& one : read) messages.push_back(std::move(one.message));
    return absl::OkStatus();
  }));
  return messages;
}

absl::StatusOr<std::vector<Replayable>> OutboxStore::FindReplayable(const TenantScope& scope,
                                                                    absl::Span<const Uuid> ids) {
  if (ids.empty()) return std::vector<Replayable>();
  mysql::Params params;
  const std::string rest = absl::StrCat(ByIds(scope, ids, params), "AND ", MayReplay(), " ORDER BY message_id");
  std::vector<Replayable> found;
  CANVASS_RETURN_IF_ERROR(database_.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows,
                             tx.Query(absl::StrCat(kSelectReplayable, "FORCE INDEX (PRIMARY) ", rest), params));
    found = ReadReplayable(rows);
    return absl::OkStatus();
  }));
  return found;
}

absl::StatusOr<std::vector<Replayable>> OutboxStore::FindReplayable(const TenantScope& scope,
                                                                    v1::OutboxMessage::State state, absl::Time start,
                                                                    absl::Time end, int limit) {
  mysql::Params params;
  params.Add(scope.tenant()).Add(static_cast<int>(state)).Add(FirstIdOf(start)).Add(start).Add(end).Add(limit);
  std::vector<Replayable> found;
  CANVASS_RETURN_IF_ERROR(database_.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        tx.Query(absl::StrCat(kSelectReplayable,
                              "WHERE tenant_id = ? AND state = ? AND message_id >= ? AND create_time >= ? AND "
                              "create_time < ? AND ",
                              MayReplay(), " ORDER BY message_id LIMIT ?"),
                 params));
    found = ReadReplayable(rows);
    return absl::OkStatus();
  }));
  return found;
}

absl::StatusOr<int64_t> OutboxStore::Replay(mysql::Transaction& tx, const TenantScope& scope,
                                            absl::Span<const Uuid> ids, absl::Time now) {
  if (ids.empty()) return 0;
  mysql::Params params;
  params.Add(kWaiting).Add(now);
  const std::string sql = absl::StrCat(
      "UPDATE outbox FORCE INDEX (PRIMARY) SET state = ?, attempt_time = ?, attempt_count = 0, finish_time = NULL, "
      "reports = NULL, "
      "owner = '', lease_until = 0, token = token + 1 ",
      ByIds(scope, ids, params), "AND ", MayReplay());
  return tx.Execute(sql, params);
}

}  // namespace canvass::distribution
