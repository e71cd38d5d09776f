#include "server/responses/drafts/draft_store.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/status_macros.h"

namespace canvass::responses {
namespace {

constexpr absl::string_view kSelect =
    "SELECT expire_time, payload FROM response_drafts WHERE tenant_id = ? AND draft_id = ?";
// What a new draft takes with it: more than one, so that a tenant's drafts stay few whatever was left behind.
constexpr int kDeletedByEach = 3;

absl::StatusOr<v1::Response> ReadDraft(const mysql::Row& row, absl::Time now) {
  v1::Response draft;
  if (row.Time(0) <= now) return draft;
  if (!draft.ParseFromString(row.String(1))) {
    return Error(absl::StatusCode::kInternal, v1::ERROR_REASON_INTERNAL, "a stored draft cannot be read");
  }
  return draft;
}

absl::StatusOr<int64_t> DeleteRows(mysql::Transaction& tx, const TenantScope& scope, absl::Time now, int limit) {
  mysql::Params params;
  params.Add(scope.tenant()).Add(now).Add(limit);
  return tx.Execute("DELETE FROM response_drafts WHERE tenant_id = ? AND expire_time <= ? LIMIT ?", params);
}

absl::Status InsertRow(mysql::Transaction& tx, const TenantScope& scope, const Uuid& id, absl::Time now,
                       absl::Time expire_time, const v1::Response& draft) {
  mysql::Params params;
  params.Add(scope.tenant()).Add(id).Add(now).Add(expire_time).Add(draft.SerializeAsString());
  return tx
      .Execute(
          "INSERT INTO response_drafts (tenant_id, draft_id, update_time, expire_time, payload) VALUES (?,?,?,?,?)",
          params)
      .status();
}

absl::Status UpdateRow(mysql::Transaction& tx, const TenantScope& scope, const Uuid& id, absl::Time now,
                       absl::Time expire_time, const v1::Response& draft) {
  mysql::Params params;
  params.Add(now).Add(expire_time).Add(draft.SerializeAsString()).Add(scope.tenant()).Add(id);
  return tx
      .Execute(
          "UPDATE response_drafts SET update_time = ?, expire_time = ?, payload = ? WHERE tenant_id = ? AND "
          "draft_id = ?",
          params)
      .status();
}

absl::Status ChangeRow(mysql::Transaction& tx, const TenantScope& scope, const Uuid& id, absl::Time now,
                       absl::Time expire_time, DraftChange change, v1::Response& draft) {
  mysql::Params params;
  params.Add(scope.tenant()).Add(id);
  CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows, tx.Query(absl::StrCat(kSelect, " FOR UPDATE"), params));
  draft.Clear();
  if (!rows.empty()) {
    CANVASS_ASSIGN_OR_RETURN(draft, ReadDraft(rows[0], now));
    // Handed in by another click: what comes after that changes nothing, and does not make it be kept longer.
    if (draft.has_answer_time()) return absl::OkStatus();
    change(draft);
    return UpdateRow(tx, scope, id, now, expire_time, draft);
  }
  change(draft);
  CANVASS_RETURN_IF_ERROR(InsertRow(tx, scope, id, now, expire_time, draft));
  return DeleteRows(tx, scope, now, kDeletedByEach).status();
}

}  // namespace

absl::StatusOr<v1::Response> DraftStore::Get(const TenantScope& scope, const Uuid& id, absl::Time now) {
  mysql::Params params;
  params.Add(scope.tenant()).Add(id);
  v1::Response draft;
  CANVASS_RETURN_IF_ERROR(database_.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows, tx.Query(kSelect, params));
    if (rows.empty()) return absl::OkStatus();
    CANVASS_ASSIGN_OR_RETURN(draft, ReadDraft(rows[0], now));
    return absl::OkStatus();
  }));
  return draft;
}

absl::StatusOr<v1::Response> DraftStore::Change(const TenantScope& scope, const Uuid& id, absl::Time now,
                                                absl::Time expire_time, DraftChange change) {
  v1::Response draft;
  const auto write = [&](mysql::Transaction& tx) { return ChangeRow(tx, scope, id, now, expire_time, change, draft); };
  absl::Status status = database_.Write(scope, write);
  // Another device began at the same moment: now its row is there to be locked.
  if (mysql::IsDuplicateKey(status)) status = database_.Write(scope, write);
  CANVASS_RETURN_IF_ERROR(status);
  return draft;
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
