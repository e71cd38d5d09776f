#include "server/contacts/merging/move_rows.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "canvass/v1/suppression.pb.h"
#include "server/base/error.h"
#include "server/base/status_macros.h"
#include "server/contacts/contact.h"
#include "server/contacts/suppressions/suppression.h"

namespace canvass::contacts {
namespace {

constexpr int kRowsPerTransaction = 256;

absl::Status MoveClocks(mysql::Transaction& tx, const TenantScope& scope, const ContactId& from, const ContactId& to) {
  mysql::Params of_from;
  of_from.Add(scope.tenant()).Add(from);
  CANVASS_ASSIGN_OR_RETURN(
      const mysql::Rows clocks,
      tx.Query("SELECT clock, last_time FROM contact_clocks WHERE tenant_id = ? AND contact_id = ? FOR UPDATE",
               of_from));
  if (clocks.empty()) return absl::OkStatus();
  mysql::Params rows;
  for (const mysql::Row& clock : clocks) rows.Add(scope.tenant()).Add(to).Add(clock.String(0)).Add(clock.Int(1));
  CANVASS_RETURN_IF_ERROR(tx.InsertRows("INSERT INTO contact_clocks (tenant_id, contact_id, clock, last_time) VALUES",
                                        4, rows,
                                        "ON DUPLICATE KEY UPDATE last_time = GREATEST(last_time, VALUES(last_time))"));
  return tx.Execute("DELETE FROM contact_clocks WHERE tenant_id = ? AND contact_id = ?", of_from).status();
}

absl::Status CopySuppressions(mysql::Transaction& tx, const TenantScope& scope, const ContactId& from,
                              const ContactId& to) {
  mysql::Params of_from;
  of_from.Add(scope.tenant()).Add(ContactTarget(from));
  CANVASS_ASSIGN_OR_RETURN(
      const mysql::Rows stored,
      tx.Query("SELECT channel, reason, create_time, payload FROM suppressions WHERE tenant_id = ? AND target = ?",
               of_from));
  mysql::Params rows;
  for (const mysql::Row& row : stored) {
    v1::Suppression suppression;
    if (!suppression.ParseFromString(row.String(3))) {
      return Error(absl::StatusCode::kInternal, v1::ERROR_REASON_INTERNAL, "a stored suppression cannot be read");
    }
    suppression.set_contact(ContactName(scope, to));
    rows.Add(scope.tenant()).Add(ContactTarget(to)).Add(row.Int(0)).Add(row.Int(1)).Add(row.Time(2));
    rows.Add(suppression.SerializeAsString());
  }
  return tx.InsertRows("INSERT INTO suppressions (tenant_id, target, channel, reason, create_time, payload) VALUES", 6,
                       rows, "ON DUPLICATE KEY UPDATE reason = reason");
}

// Moves some rows by `update`, which takes the new contact, the tenant, the old contact and a number of rows; returns
// how many.
absl::StatusOr<int64_t> MoveSome(mysql::Transaction& tx, absl::string_view update, const TenantScope& scope,
                                 const ContactId& from, const ContactId& to) {
  mysql::Params params;
  params.Add(to).Add(scope.tenant()).Add(from).Add(kRowsPerTransaction);
  return tx.Execute(update, params);
}

// Moves some invitations with their messages: those are found by the invitation.
absl::StatusOr<int64_t> MoveSomeInvitations(mysql::Transaction& tx, const TenantScope& scope, const ContactId& from,
                                            const ContactId& to) {
  mysql::Params of_from;
  of_from.Add(scope.tenant()).Add(from).Add(kRowsPerTransaction);
  CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows,
                           tx.Query("SELECT invitation_id FROM invitations FORCE INDEX (by_contact) WHERE tenant_id = "
                                    "? AND contact_id = ? LIMIT ? FOR UPDATE",
                                    of_from));
  if (rows.empty()) return 0;
  const std::size_t count = mysql::PadCount(rows.size());
  mysql::Params params;
  params.Add(to).Add(scope.tenant());
  for (std::size_t i = 0; i < count; ++i) params.Add(rows[std::min(i, rows.size() - 1)].Uuid(0));
  const std::string list = mysql::Placeholders(count);
  // FORCE INDEX, because the optimizer likes to walk through all of a table that it believes to be small.
  CANVASS_RETURN_IF_ERROR(tx.Execute(absl::StrCat("UPDATE outbox FORCE INDEX (by_invitation) SET contact_id = ? WHERE "
                                                  "tenant_id = ? AND invitation_id IN ",
                                                  list),
                                     params)
                              .status());
  return tx.Execute(absl::StrCat("UPDATE invitations FORCE INDEX (PRIMARY) SET contact_id = ? WHERE tenant_id = ? AND "
                                 "invitation_id IN ",
                                 list),
                    params);
}

// Calls `move`, each time in a transaction of its own, until it has moved less than it might have.
template <typename Move>
absl::Status Repeat(mysql::Database& database, const TenantScope& scope, Move move) {
  int64_t moved = kRowsPerTransaction;
  while (moved == kRowsPerTransaction) {
    CANVASS_RETURN_IF_ERROR(database.Write(scope, [&](mysql::Transaction& tx) -> absl::Status {
      CANVASS_ASSIGN_OR_RETURN(moved, move(tx));
      return absl::OkStatus();
    }));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status MoveProtection(mysql::Transaction& tx, const TenantScope& scope, const ContactId& from,
                            const ContactId& to) {
  CANVASS_RETURN_IF_ERROR(MoveClocks(tx, scope, from, to));
  return CopySuppressions(tx, scope, from, to);
}

absl::Status MoveRows(mysql::Database& database, const TenantScope& scope, const ContactId& from, const ContactId& to) {
  CANVASS_RETURN_IF_ERROR(
      Repeat(database, scope, [&](mysql::Transaction& tx) { return MoveSomeInvitations(tx, scope, from, to); }));
  for (const absl::string_view update :
       {"UPDATE decisions FORCE INDEX (by_contact) SET contact_id = ? WHERE tenant_id = ? AND contact_id = ? LIMIT ?",
        "UPDATE events FORCE INDEX (by_contact) SET contact_id = ? WHERE tenant_id = ? AND contact_id = ? LIMIT ?",
        "UPDATE responses SET contact_id = ? WHERE tenant_id = ? AND contact_id = ? LIMIT ?"}) {
    CANVASS_RETURN_IF_ERROR(
        Repeat(database, scope, [&](mysql::Transaction& tx) { return MoveSome(tx, update, scope, from, to); }));
  }
  return database.Write(scope, [&](mysql::Transaction& tx) { return MoveProtection(tx, scope, from, to); });
}

}  // namespace canvass::contacts
