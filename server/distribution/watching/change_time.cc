#include "server/distribution/watching/change_time.h"

#include "absl/strings/str_cat.h"
#include "server/base/status_macros.h"

namespace canvass::distribution {

std::string ChangeMicros(absl::string_view column) {
  return absl::StrCat("TIMESTAMPDIFF(MICROSECOND, TIMESTAMP'1970-01-01 00:00:00', ", column, ")");
}

absl::StatusOr<absl::Time> DatabaseTime(mysql::Database& database, const TenantScope& scope) {
  absl::Time now;
  CANVASS_RETURN_IF_ERROR(database.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows,
                             tx.Query(absl::StrCat("SELECT ", ChangeMicros("CURRENT_TIMESTAMP(6)")), {}));
    now = rows.at(0).Time(0);
    return absl::OkStatus();
  }));
  return now;
}

}  // namespace canvass::distribution
