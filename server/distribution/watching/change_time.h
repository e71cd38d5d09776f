// Times that the database stamps itself when it writes a row. They are DATETIME(6), not BIGINT as all others, because a
// column can be ON UPDATE CURRENT_TIMESTAMP(6) only so; statements turn them into microseconds and back.
//
//   absl::StrCat("SELECT ", ChangeMicros("change_time"), " FROM … WHERE … AND change_time >= ", kChangeTimeParam)
//
// Thread-safe.
#ifndef CANVASS_SERVER_DISTRIBUTION_WATCHING_CHANGE_TIME_H_
#define CANVASS_SERVER_DISTRIBUTION_WATCHING_CHANGE_TIME_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/base/tenant_scope.h"
#include "server/mysql/database.h"

namespace canvass::distribution {

// A placeholder, given as a time, to compare such a column with.
inline constexpr absl::string_view kChangeTimeParam = "TIMESTAMPADD(MICROSECOND, ?, TIMESTAMP'1970-01-01 00:00:00')";

// The column as mysql::Row::Time reads it.
std::string ChangeMicros(absl::string_view column);

// The time of the database's clock, by which such columns are stamped. Blocks.
absl::StatusOr<absl::Time> DatabaseTime(mysql::Database& database, const TenantScope& scope);

}  // namespace canvass::distribution

#endif  // CANVASS_SERVER_DISTRIBUTION_WATCHING_CHANGE_TIME_H_
