// Work that one process does at a time, claimed in the table `leases` by the database's clock. Each new claim gets a
// higher fencing token; who lost the lease finds out when Renew returns false.
//
//   CANVASS_ASSIGN_OR_RETURN(std::optional<Lease> lease, ClaimLease(tx, "migrations", owner, absl::Seconds(30)));
//   if (!lease.has_value()) return;  // another process holds it
//
// Thread-compatible. Each function is one or two statements on the given transaction; commit before you rely on it.
#ifndef CANVASS_SERVER_MYSQL_LEASE_H_
#define CANVASS_SERVER_MYSQL_LEASE_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/mysql/database.h"

// Microseconds of the database's own clock: the clocks of those who compete do not matter.
#define CANVASS_DATABASE_MICROS "CAST(UNIX_TIMESTAMP(NOW(6)) * 1000000 AS SIGNED)"

namespace canvass::mysql {

struct Lease {
  std::string name;
  std::string owner;
  int64_t token = 0;
};

// Claims `name` for `owner`, who must be unique among all processes, for `duration`. Nothing if another holds it. The
// owner himself gets it again, with a new token.
absl::StatusOr<std::optional<Lease>> ClaimLease(Transaction& tx, absl::string_view name, absl::string_view owner,
                                                absl::Duration duration);

// Holds `lease` for another `duration` from now. False if it was lost: somebody else claimed it since.
absl::StatusOr<bool> RenewLease(Transaction& tx, const Lease& lease, absl::Duration duration);

// Lets the next one in at once. Does nothing if the lease was lost.
absl::Status ReleaseLease(Transaction& tx, const Lease& lease);

// Who holds `name` now; empty if nobody does.
absl::StatusOr<std::string> LeaseHolder(Transaction& tx, absl::string_view name);

}  // namespace canvass::mysql

#endif  // CANVASS_SERVER_MYSQL_LEASE_H_
