#include "server/distribution/invitation_store.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/contacts/contact_store.h"
#include "server/distribution/invitation.h"

namespace canvass::distribution {
namespace {

constexpr absl::string_view kColumns =
    "SELECT invitation_id, contact_id, survey_id, survey_version, state, schedule_time, expire_time, deliver_time, "
    "answer_time, payload FROM invitations ";

// Far below 1,000 values, from which on MariaDB turns an IN list into a subquery.
constexpr std::size_t kMaxInList = 512;
// Of one contact, on average over those that are asked for at once.
constexpr std::size_t kMaxWaiting = 100;

absl::StatusOr<InvitationRecord> ReadRecord(const TenantScope& scope, const mysql::Row& row) {
  InvitationRecord record;
  record.id = row.Uuid(0);
  record.contact = ContactId(row.String(1));
  record.survey = SurveyId(row.String(2));
  record.survey_version = static_cast<int>(row.Int(3));
  v1::Invitation& invitation = record.invitation;
  if (!invitation.ParseFromString(row.String(9))) {
    return Error(absl::StatusCode::kInternal, v1::ERROR_REASON_INTERNAL,
                 absl::StrCat("invitation ", record.id.ToString(), " cannot be read"));
  }
  invitation.set_name(ResourceName(scope.tenant(), {"invitations", record.id.ToString()}));
  invitation.set_survey(ResourceName(scope.tenant(), {"surveys", record.survey.value()}));
  invitation.set_survey_version(record.survey_version);
  invitation.set_contact(ResourceName(scope.tenant(), {"contacts", record.contact.value()}));
  invitation.set_state(static_cast<v1::Invitation::State>(row.Int(4)));
  *invitation.mutable_schedule_time() = ToProto(row.Time(5));
  *invitation.mutable_expire_time() = ToProto(row.Time(6));
  if (!row.IsNull(7)) *invitation.mutable_deliver_time() = ToProto(row.Time(7));
  if (!row.IsNull(8)) *invitation.mutable_answer_time() = ToProto(row.Time(8));
  return record;
}

absl::StatusOr<std::vector<InvitationRecord>> ReadRecords(const TenantScope& scope, const mysql::Rows& rows) {
  std::vector<InvitationRecord> records;
  records.reserve(rows.size());
  for (const mysql::Row& row : rows) {
    CANVASS_ASSIGN_OR_RETURN(InvitationRecord record, ReadRecord(scope, row));
    records.push_back(std::move(record));
  }
  return records;
}

// Finds these rows and no others, under FORCE INDEX (PRIMARY), and so locks no others.
std::string ByIds(const TenantScope& scope, absl::Span<const Uuid> ids, mysql::Params& params) {
  return absl::StrCat("WHERE (tenant_id, invitation_id) IN ", mysql::TenantPairs(scope, ids, params), " ");
}

absl::StatusOr<mysql::Rows> LockRows(mysql::Transaction& tx, const TenantScope& scope, absl::Span<const Uuid> ids) {
  mysql::Params params;
  const std::string where = ByIds(scope, ids, params);
  return tx.Query(absl::StrCat(kColumns, "FORCE INDEX (PRIMARY) ", where, "ORDER BY invitation_id FOR UPDATE"), params);
}

// What has no column.
std::string ContentOf(v1::Invitation invitation) {
  invitation.clear_name();
  invitation.clear_survey();
  invitation.clear_survey_version();
  invitation.clear_contact();
  invitation.clear_state();
  invitation.clear_schedule_time();
  invitation.clear_expire_time();
  invitation.clear_deliver_time();
  invitation.clear_answer_time();
  invitation.clear_token();
  invitation.clear_url();
  return invitation.SerializeAsString();
}

void AddOptionalTime(bool has, const google::protobuf::Timestamp& time, mysql::Params& params) {
  if (has) {
    params.Add(FromProto(time));
  } else {
    params.AddNull();
  }
}

// The parameters of "state = ?, deliver_time = ?, answer_time = ?".
mysql::Params ProgressOf(const v1::Invitation& invitation) {
  mysql::Params params;
  params.Add(static_cast<int>(invitation.state()));
  AddOptionalTime(invitation.has_deliver_time(), invitation.deliver_time(), params);
  AddOptionalTime(invitation.has_answer_time(), invitation.answer_time(), params);
  return params;
}

}  // namespace

absl::Status InvitationStore::Insert(mysql::Transaction& tx, const TenantScope& scope,
                                     absl::Span<const NewInvitation> invitations) {
  mysql::Params params;
  for (const NewInvitation& invitation : invitations) {
    params.Add(scope.tenant()).Add(invitation.id).Add(invitation.contact).Add(invitation.survey);
    params.Add(invitation.survey_version).Add(static_cast<int>(v1::Invitation::STATE_SCHEDULED));
    params.Add(invitation.schedule_time).Add(invitation.expire_time).Add(invitation.content.SerializeAsString());
  }
  return tx.InsertRows(
      "INSERT INTO invitations (tenant_id, invitation_id, contact_id, survey_id, survey_version, state, schedule_time, "
      "expire_time, payload) VALUES",
      9, params);
}

absl::StatusOr<absl::flat_hash_map<Uuid, InvitationRecord>> InvitationStore::LockMany(mysql::Transaction& tx,
                                                                                      const TenantScope& scope,
                                                                                      absl::Span<const Uuid> ids) {
  std::vector<Uuid> sorted(ids.begin(), ids.end());
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  absl::flat_hash_map<Uuid, InvitationRecord> found;
  for (std::size_t i = 0; i < sorted.size(); i += kMaxInList) {
    CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows,
                             LockRows(tx, scope, absl::MakeConstSpan(sorted).subspan(i, kMaxInList)));
    CANVASS_ASSIGN_OR_RETURN(std::vector<InvitationRecord> records, ReadRecords(scope, rows));
    for (InvitationRecord& record : records) found.emplace(record.id, std::move(record));
  }
  return found;
}

absl::Status InvitationStore::MarkAnswered(mysql::Transaction& tx, absl::Span<const Answered> answered) {
  std::vector<const Answered*> sorted;
  for (const Answered& one : answered) sorted.push_back(&one);
  std::sort(sorted.begin(), sorted.end(), [](const Answered* a, const Answered* b) {
    return std::tie(a->tenant, a->invitation) < std::tie(b->tenant, b->invitation);
  });
  // The rows exist and are locked, so every row of this INSERT turns into an update: the one way in which a statement
  // can write a different time to each of many rows and still find them by key.
  mysql::Params params;
  for (const Answered* one : sorted) {
    params.Add(one->tenant).Add(one->invitation).Add("").Add("").Add(0);
    params.Add(static_cast<int>(v1::Invitation::STATE_ANSWERED)).Add(0).Add(0).Add(one->answer_time).Add("");
  }
  return tx.InsertRows(
      "INSERT INTO invitations (tenant_id, invitation_id, contact_id, survey_id, survey_version, state, schedule_time, "
      "expire_time, answer_time, payload) VALUES",
      10, params,
      "ON DUPLICATE KEY UPDATE state = VALUES(state), deliver_time = COALESCE(deliver_time, VALUES(answer_time)), "
      "answer_time = VALUES(answer_time)");
}

absl::Status InvitationStore::UpdateState(mysql::Transaction& tx, const TenantScope& scope,
                                          const InvitationRecord& record) {
  mysql::Params params = ProgressOf(record.invitation);
  params.Add(scope.tenant()).Add(record.id);
  return tx
      .Execute(
          "UPDATE invitations SET state = ?, deliver_time = ?, answer_time = ? WHERE tenant_id = ? AND invitation_id = "
          "?",
          params)
      .status();
}

absl::Status InvitationStore::UpdateSending(mysql::Transaction& tx, const TenantScope& scope,
                                            const InvitationRecord& record) {
  mysql::Params params = ProgressOf(record.invitation);
  params.Add(ContentOf(record.invitation)).Add(scope.tenant()).Add(record.id);
  return tx
      .Execute(
          "UPDATE invitations SET state = ?, deliver_time = ?, answer_time = ?, payload = ? WHERE tenant_id = ? AND "
          "invitation_id = ?",
          params)
      .status();
}

absl::Status InvitationStore::Reopen(mysql::Transaction& tx, const TenantScope& scope, absl::Span<const Uuid> ids) {
  if (ids.empty()) return absl::OkStatus();
  mysql::Params params;
  params.Add(static_cast<int>(v1::Invitation::STATE_SCHEDULED));
  const std::string sql = absl::StrCat("UPDATE invitations FORCE INDEX (PRIMARY) SET state = ? ",
                                       ByIds(scope, ids, params), "AND state = ?");
  params.Add(static_cast<int>(v1::Invitation::STATE_CANCELLED));
  return tx.Execute(sql, params).status();
}

absl::StatusOr<InvitationRecord> InvitationStore::Get(const TenantScope& scope, const Uuid& id) {
  mysql::Params params;
  params.Add(scope.tenant()).Add(id);
  CANVASS_ASSIGN_OR_RETURN(std::vector<InvitationRecord> records, Select(scope, "AND invitation_id = ?", params));
  if (records.empty()) return InvitationNotFound(id);
  return std::move(records[0]);
}

absl::StatusOr<std::vector<InvitationRecord>> InvitationStore::ListByContact(
    const TenantScope& scope, const ContactId& contact, const std::optional<InvitationPosition>& after, int limit) {
  mysql::Params params;
  params.Add(scope.tenant()).Add(contact);
  absl::string_view behind;
  if (after.has_value()) {
    behind = "AND (schedule_time < ? OR (schedule_time = ? AND invitation_id < ?)) ";
    params.Add(after->schedule_time).Add(after->schedule_time).Add(after->id);
  }
  params.Add(limit);
  CANVASS_ASSIGN_OR_RETURN(
      std::vector<InvitationRecord> records,
      Select(scope,
             absl::StrCat("AND contact_id = ? ", behind, "ORDER BY schedule_time DESC, invitation_id DESC LIMIT ?"),
             params));
  if (!records.empty()) return records;
  // Who was merged into another contact has none of their own any more.
  CANVASS_ASSIGN_OR_RETURN(const ContactId kept, contacts::ContactStore(database_).Kept(scope, contact));
  return kept == contact ? records : ListByContact(scope, kept, after, limit);
}

absl::StatusOr<std::vector<InvitationRecord>> InvitationStore::ListAll(const TenantScope& scope,
                                                                       const std::optional<Uuid>& after, int limit) {
  mysql::Params params;
  params.Add(scope.tenant());
  absl::string_view behind;
  if (after.has_value()) {
    behind = "AND invitation_id < ? ";
    params.Add(*after);
  }
  params.Add(limit);
  // Version 7 UUIDs sort by the time at which they were made.
  return Select(scope, absl::StrCat(behind, "ORDER BY invitation_id DESC LIMIT ?"), params);
}

absl::StatusOr<std::vector<InvitationRecord>> InvitationStore::ListDue(const TenantScope& scope,
                                                                       const ContactId& contact, absl::Time now,
                                                                       const std::optional<InvitationPosition>& after,
                                                                       int limit) {
  mysql::Params params;
  params.Add(scope.tenant()).Add(contact);
  params.Add(static_cast<int>(v1::Invitation::STATE_SCHEDULED)).Add(static_cast<int>(v1::Invitation::STATE_DELIVERED));
  params.Add(now).Add(now);
  absl::string_view behind;
  if (after.has_value()) {
    behind = "AND (schedule_time > ? OR (schedule_time = ? AND invitation_id > ?)) ";
    params.Add(after->schedule_time).Add(after->schedule_time).Add(after->id);
  }
  params.Add(limit);
  CANVASS_ASSIGN_OR_RETURN(
      std::vector<InvitationRecord> records,
      Select(scope,
             absl::StrCat("AND contact_id = ? AND state IN (?, ?) AND schedule_time <= ? AND expire_time > ? ", behind,
                          "ORDER BY schedule_time, invitation_id LIMIT ?"),
             params));
  if (!records.empty()) return records;
  // An app that still knows a customer by the id of before the merge is shown what is due all the same.
  CANVASS_ASSIGN_OR_RETURN(const ContactId kept, contacts::ContactStore(database_).Kept(scope, contact));
  return kept == contact ? records : ListDue(scope, kept, now, after, limit);
}

absl::StatusOr<std::vector<WaitingInvitation>> InvitationStore::ListWaiting(const TenantScope& scope,
                                                                            absl::Span<const ContactId> contacts,
                                                                            absl::Time now) {
  std::vector<WaitingInvitation> waiting;
  if (contacts.empty()) return waiting;
  const std::size_t padded = mysql::PadCount(contacts.size());
  mysql::Params params;
  params.Add(scope.tenant());
  for (std::size_t i = 0; i < padded; ++i) params.Add(contacts[std::min(i, contacts.size() - 1)]);
  params.Add(static_cast<int>(v1::Invitation::STATE_SCHEDULED)).Add(now).Add(now);
  params.Add(static_cast<int64_t>(contacts.size() * kMaxWaiting));
  const std::string sql = absl::StrCat(
      "SELECT contact_id, invitation_id FROM invitations FORCE INDEX (by_contact) WHERE tenant_id = ? AND contact_id "
      "IN ",
      mysql::Placeholders(padded),
      " AND state = ? AND schedule_time <= ? AND expire_time > ? ORDER BY contact_id, schedule_time, invitation_id "
      "LIMIT ?");
  CANVASS_RETURN_IF_ERROR(database_.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    waiting.clear();
    CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows, tx.Query(sql, params));
    for (const mysql::Row& row : rows) waiting.push_back({.contact = ContactId(row.String(0)), .id = row.Uuid(1)});
    return absl::OkStatus();
  }));
  return waiting;
}

absl::StatusOr<std::vector<InvitationRecord>> InvitationStore::GetMany(const TenantScope& scope,
                                                                       absl::Span<const Uuid> ids) {
  std::vector<InvitationRecord> records;
  if (ids.empty()) return records;
  mysql::Params params;
  const std::string where = ByIds(scope, ids, params);
  CANVASS_RETURN_IF_ERROR(database_.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows,
                             tx.Query(absl::StrCat(kColumns, "FORCE INDEX (PRIMARY) ", where), params));
    CANVASS_ASSIGN_OR_RETURN(records, ReadRecords(scope, rows));
    return absl::OkStatus();
  }));
  return records;
}

absl::StatusOr<std::vector<InvitationRecord>> InvitationStore::Select(const TenantScope& scope, absl::string_view rest,
                                                                      const mysql::Params& params) {
  std::vector<InvitationRecord> records;
  CANVASS_RETURN_IF_ERROR(database_.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows,
                             tx.Query(absl::StrCat(kColumns, "WHERE tenant_id = ? ", rest), params));
    CANVASS_ASSIGN_OR_RETURN(records, ReadRecords(scope, rows));
    return absl::OkStatus();
  }));
  return records;
}

}  // namespace canvass::distribution
