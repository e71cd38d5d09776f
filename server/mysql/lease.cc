#include "server/mysql/lease.h"

#include "absl/strings/str_cat.h"
#include "server/base/status_macros.h"

namespace canvass::mysql {

absl::StatusOr<std::optional<Lease>> ClaimLease(Transaction& tx, absl::string_view name, absl::string_view owner,
                                                absl::Duration duration) {
  // Not INSERT IGNORE, which hides more than the duplicate.
  CANVASS_RETURN_IF_ERROR(tx.Execute("INSERT INTO leases (name, owner, lease_until, token) VALUES (?, '', 0, 0) "
                                     "ON DUPLICATE KEY UPDATE token = token",
                                     Params().Add(name))
                              .status());
  CANVASS_ASSIGN_OR_RETURN(
      const int64_t claimed,
      tx.Execute("UPDATE leases SET owner = ?, lease_until = " CANVASS_DATABASE_MICROS " + ?, token = token + 1 "
                 "WHERE name = ? AND (owner = ? OR lease_until < " CANVASS_DATABASE_MICROS ")",
                 Params().Add(owner).Add(absl::ToInt64Microseconds(duration)).Add(name).Add(owner)));
  if (claimed == 0) return std::optional<Lease>();
  CANVASS_ASSIGN_OR_RETURN(const Rows rows, tx.Query("SELECT token FROM leases WHERE name = ? AND owner = ?",
                                                     Params().Add(name).Add(owner)));
  if (rows.empty()) return std::optional<Lease>();
  return std::optional<Lease>(Lease{.name = std::string(name), .owner = std::string(owner), .token = rows[0].Int(0)});
}

absl::StatusOr<bool> RenewLease(Transaction& tx, const Lease& lease, absl::Duration duration) {
  CANVASS_ASSIGN_OR_RETURN(
      const int64_t renewed,
      tx.Execute("UPDATE leases SET lease_until = " CANVASS_DATABASE_MICROS " + ? "
                 "WHERE name = ? AND owner = ? AND token = ?",
                 Params().Add(absl::ToInt64Microseconds(duration)).Add(lease.name).Add(lease.owner).Add(lease.token)));
  return renewed == 1;
}

absl::Status ReleaseLease(Transaction& tx, const Lease& lease) {
  return tx
      .Execute("UPDATE leases SET owner = '', lease_until = 0 WHERE name = ? AND owner = ? AND token = ?",
               Params().Add(lease.name).Add(lease.owner).Add(lease.token))
      .status();
}

absl::StatusOr<std::string> LeaseHolder(Transaction& tx, absl::string_view name) {
  CANVASS_ASSIGN_OR_RETURN(
      const Rows rows, tx.Query("SELECT owner FROM leases WHERE name = ? AND lease_until >= " CANVASS_DATABASE_MICROS,
                                Params().Add(name)));
  return rows.empty() ? std::string() : rows[0].String(0);
}

}  // namespace canvass::mysql
