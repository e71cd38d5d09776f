#include "server/responses/drafts/draft_store.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/status_macros.h"

namespace canvass::responses {
namespace {

constexpr absl::string_view kColumns = "draft_id, update_time, expire_time, payload, revisions";
// What a new draft takes with it: more than one, so that a tenant's drafts stay few whatever was left behind.
constexpr int kDeletedByEach = 3;

absl::Status Unreadable() {
  return Error(absl::StatusCode::kInternal, v1::ERROR_REASON_INTERNAL, "a stored draft cannot be read");
}

absl::StatusOr<Draft> ReadDraft(const mysql::Row& row, absl::Time now) {
  Draft draft;
  if (row.Time(2) <= now) return draft;
  draft.update_time = row.Time(1);
  draft.expire_time = row.Time(2);
  if (!draft.content.ParseFromString(row.String(3))) return Unreadable();
  if (row.IsNull(4)) return draft;
  v1::PartialResponse saves;
  if (!saves.ParseFromString(row.String(4))) return Unreadable();
  draft.revision = saves.revision();
  draft.answer_revisions.insert(saves.answer_revisions().begin(), saves.answer_revisions().end());
  return draft;
}

// The columns from update_time on.
void AddRow(const Draft& draft, mysql::Params& params) {
  params.Add(draft.update_time).Add(draft.expire_time).Add(draft.content.SerializeAsString());
  if (draft.revision == 0) {
    params.AddNull();
    return;
  }
  v1::PartialResponse saves;
  saves.set_revision(draft.revision);
  saves.mutable_answer_revisions()->insert(draft.answer_revisions.begin(), draft.answer_revisions.end());
  params.Add(saves.SerializeAsString());
}

absl::StatusOr<int64_t> DeleteRows(mysql::Transaction& tx, const TenantScope& scope, absl::Time now, int limit) {
  mysql::Params params;
  params.Add(scope.tenant()).Add(now).Add(limit);
  return tx.Execute("DELETE FROM response_drafts WHERE tenant_id = ? AND expire_time <= ? LIMIT ?", params);
}

absl::Status InsertRow(mysql::Transaction& tx, const TenantScope& scope, const Uuid& id, const Draft& draft) {
  mysql::Params params;
  params.Add(scope.tenant()).Add(id);
  AddRow(draft, params);
  return tx
      .Execute(
          "INSERT INTO response_drafts (tenant_id, draft_id, update_time, expire_time, payload, revisions) "
          "VALUES (?,?,?,?,?,?)",
          params)
      .status();
}

absl::Status UpdateRow(mysql::Transaction& tx, const TenantScope& scope, const Uuid& id, const Draft& draft) {
  mysql::Params params;
  AddRow(draft, params);
  params.Add(scope.tenant()).Add(id);
  return tx
      .Execute(
          "UPDATE response_drafts SET update_time = ?, expire_time = ?, payload = ?, revisions = ? "
          "WHERE tenant_id = ? AND draft_id = ?",
          params)
      .status();
}

absl::StatusOr<mysql::Rows> ReadRow(mysql::Transaction& tx, const TenantScope& scope, const Uuid& id,
                                    absl::string_view lock) {
  mysql::Params params;
  params.Add(scope.tenant()).Add(id);
  return tx.Query(absl::StrCat("SELECT ", kColumns, " FROM response_drafts WHERE tenant_id = ? AND draft_id = ?", lock),
                  params);
}

absl::Status ChangeRow(mysql::Transaction& tx, const TenantScope& scope, const Uuid& id, absl::Time now,
                       absl::Time expire_time, DraftChange change, Draft& draft) {
  CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows, ReadRow(tx, scope, id, " FOR UPDATE"));
  draft = Draft();
  if (!rows.empty()) {
    CANVASS_ASSIGN_OR_RETURN(draft, ReadDraft(rows[0], now));
    // Handed in by another click: what comes after that changes nothing, and does not make it be kept longer.
    if (draft.content.has_answer_time()) return absl::OkStatus();
  }
  change(draft);
  draft.update_time = now;
  draft.expire_time = expire_time;
  if (!rows.empty()) return UpdateRow(tx, scope, id, draft);
  CANVASS_RETURN_IF_ERROR(InsertRow(tx, scope, id, draft));
  return DeleteRows(tx, scope, now, kDeletedByEach).status();
}

}  // namespace

absl::StatusOr<Draft> DraftStore::Get(const TenantScope& scope, const Uuid& id, absl::Time now) {
  Draft draft;
  CANVASS_RETURN_IF_ERROR(database_.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows, ReadRow(tx, scope, id, ""));
    if (rows.empty()) return absl::OkStatus();
    CANVASS_ASSIGN_OR_RETURN(draft, ReadDraft(rows[0], now));
    return absl::OkStatus();
  }));
  return draft;
}

absl::StatusOr<Draft> DraftStore::Change(const TenantScope& scope, const Uuid& id, absl::Time now,
                                         absl::Time expire_time, DraftChange change) {
  Draft draft;
  const auto write = [&](mysql::Transaction& tx) { return ChangeRow(tx, scope, id, now, expire_time, change, draft); };
  absl::Status status = database_.Write(scope, write);
  // Another device began at the same moment: now its row is there to be locked.
  if (mysql::IsDuplicateKey(status)) status = database_.Write(scope, write);
  CANVASS_RETURN_IF_ERROR(status);
  return draft;
}

absl::StatusOr<Drafts> DraftStore::LockMany(mysql::Transaction& tx, const TenantScope& scope,
                                            absl::Span<const Uuid> ids, absl::Time now) {
  Drafts drafts;
  if (ids.empty()) return drafts;
  mysql::Params params;
  const std::string pairs = mysql::TenantPairs(scope, ids, params);
  CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows,
                           tx.Query(absl::StrCat("SELECT ", kColumns,
                                                 " FROM response_drafts FORCE INDEX (PRIMARY) WHERE (tenant_id, "
                                                 "draft_id) IN ",
                                                 pairs, " ORDER BY draft_id FOR UPDATE"),
                                    params));
  for (const mysql::Row& row : rows) {
    if (row.Time(2) <= now) continue;
    CANVASS_ASSIGN_OR_RETURN(drafts[row.Uuid(0)], ReadDraft(row, now));
  }
  return drafts;
}

absl::Status DraftStore::DeleteMany(mysql::Transaction& tx, const TenantScope& scope, absl::Span<const Uuid> ids) {
  if (ids.empty()) return absl::OkStatus();
  mysql::Params params;
  const std::string pairs = mysql::TenantPairs(scope, ids, params);
  return tx.Execute(absl::StrCat("DELETE FROM response_drafts WHERE (tenant_id, draft_id) IN ", pairs), params)
      .status();
}

absl::StatusOr<int64_t> DraftStore::DeleteExpired(const TenantScope& scope, absl::Time now, int limit) {
  int64_t deleted = 0;
  CANVASS_RETURN_IF_ERROR(database_.Write(scope, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(deleted, DeleteRows(tx, scope, now, limit));
    return absl::OkStatus();
  }));
  return deleted;
}

}  // namespace canvass::responses
