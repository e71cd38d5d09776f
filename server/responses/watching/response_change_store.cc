#include "server/responses/watching/response_change_store.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/distribution/watching/change_time.h"
#include "server/responses/response_row.h"

namespace canvass::responses {
namespace {

using distribution::ChangeMicros;
using distribution::kChangeTimeParam;

// Of the columns that are read: the response's own, then these two.
absl::StatusOr<ChangedResponse> ReadChanged(const TenantScope& scope, const mysql::Row& row) {
  const std::size_t own = row.size() - 2;
  ChangedResponse changed{.id = row.Uuid(0),
                          .change_time = row.Time(own),
                          .survey = SurveyId(row.String(1)),
                          .erased = !row.IsNull(own + 1),
                          .response = {}};
  if (changed.erased) {
    changed.response.set_name(ResourceName(scope.tenant(), {"responses", changed.id.ToString()}));
    return changed;
  }
  CANVASS_ASSIGN_OR_RETURN(changed.response, ReadResponse(scope, row));
  return changed;
}

}  // namespace

absl::StatusOr<absl::Time> ResponseChangeStore::DatabaseTime(const TenantScope& scope) {
  return distribution::DatabaseTime(database_, scope);
}

absl::StatusOr<std::vector<ResponsePosition>> ResponseChangeStore::ListChanges(const TenantScope& scope,
                                                                               const ResponsePosition& after,
                                                                               absl::Time until, int limit) {
  mysql::Params params;
  params.Add(scope.tenant()).Add(after.change_time).Add(until).Add(after.change_time).Add(after.key).Add(limit);
  std::vector<ResponsePosition> changes;
  CANVASS_RETURN_IF_ERROR(database_.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    changes.clear();
    // The index holds all of it: no row is read.
    CANVASS_ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        tx.Query(absl::StrCat("SELECT ", ChangeMicros("change_time"), ", response_id FROM responses FORCE INDEX ",
                              "(by_change) WHERE tenant_id = ? AND change_time >= ", kChangeTimeParam,
                              " AND change_time <= ", kChangeTimeParam, " AND (change_time > ", kChangeTimeParam,
                              " OR response_id > ?) ORDER BY change_time, response_id LIMIT ?"),
                 params));
    changes.reserve(rows.size());
    for (const mysql::Row& row : rows) changes.push_back({.change_time = row.Time(0), .key = row.Uuid(1)});
    return absl::OkStatus();
  }));
  return changes;
}

absl::StatusOr<std::vector<ChangedResponse>> ResponseChangeStore::GetMany(const TenantScope& scope,
                                                                          absl::Span<const Uuid> ids) {
  std::vector<ChangedResponse> found;
  if (ids.empty()) return found;
  mysql::Params params;
  const std::string pairs = mysql::TenantPairs(scope, ids, params);
  CANVASS_RETURN_IF_ERROR(database_.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    found.clear();
    CANVASS_ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        tx.Query(
            absl::StrCat("SELECT ", kResponseColumns, ", ", ChangeMicros("change_time"),
                         ", erase_time FROM responses FORCE INDEX (PRIMARY) WHERE (tenant_id, response_id) IN ", pairs),
            params));
    for (const mysql::Row& row : rows) {
      CANVASS_ASSIGN_OR_RETURN(ChangedResponse changed, ReadChanged(scope, row));
      found.push_back(std::move(changed));
    }
    return absl::OkStatus();
  }));
  return found;
}

}  // namespace canvass::responses
