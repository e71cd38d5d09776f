#include "server/responses/changing/change_response.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "server/base/digest.h"
#include "server/base/proto_time.h"
#include "server/base/status_macros.h"
#include "server/distribution/stage_slot.h"
#include "server/metrics/cell_batch.h"
#include "server/mysql/value.h"
#include "server/responses/response_name.h"
#include "server/responses/response_row.h"

namespace canvass::responses {
namespace {

// A response that is locked to be changed, and what it was counted as.
class LockedResponse {
 public:
  static absl::StatusOr<LockedResponse> Lock(mysql::Transaction& tx, const TenantScope& scope, const Uuid& id,
                                             std::shared_ptr<const v1::SurveyVersion> version) {
    mysql::Params params;
    params.Add(scope.tenant()).Add(id);
    CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows,
                             tx.Query(absl::StrCat("SELECT ", kResponseColumns,
                                                   " FROM responses WHERE tenant_id = ? AND response_id = ?"
                                                   " AND erase_time IS NULL FOR UPDATE"),
                                      params));
    if (rows.empty()) return NoSuchResponse(id.ToString());
    CANVASS_ASSIGN_OR_RETURN(v1::Response stored, ReadResponse(scope, rows[0]));
    return LockedResponse(scope, id, SurveyId(rows[0].String(1)), std::move(stored), std::move(version));
  }

  const v1::Response& stored() const { return stored_; }
  const v1::SurveyDefinition& definition() const { return version_->definition(); }

  // Writes `changed` in place of what is stored.
  absl::Status Write(mysql::Transaction& tx, const v1::Response& changed) const {
    mysql::Params params;
    params.Add(PayloadOf(changed)).Add(scope_.tenant()).Add(id_);
    CANVASS_RETURN_IF_ERROR(
        tx.Execute("UPDATE responses SET payload = ? WHERE tenant_id = ? AND response_id = ?", params).status());
    return Recount(tx, &changed);
  }

  absl::Status Erase(mysql::Transaction& tx, absl::Time now) const {
    // Of the digest nothing could be told, but small contents could be guessed by it.
    mysql::Params params;
    params.Add(now).Add(Uuid()).Add(scope_.tenant()).Add(id_);
    CANVASS_RETURN_IF_ERROR(tx.Execute("UPDATE responses SET erase_time = ?, content_digest = ?, contact_id = '', "
                                       "invitation_id = NULL, payload = '' WHERE tenant_id = ? AND response_id = ?",
                                       params)
                                .status());
    return Recount(tx, nullptr);
  }

 private:
  LockedResponse(const TenantScope& scope, const Uuid& id, SurveyId survey, v1::Response stored,
                 std::shared_ptr<const v1::SurveyVersion> version)
      : scope_(scope), id_(id), survey_(std::move(survey)), stored_(std::move(stored)), version_(std::move(version)) {}

  absl::Status Recount(mysql::Transaction& tx, const v1::Response* changed) const {
    metrics::CellBatch cells;
    if (!stored_.has_exclusion()) cells.AddResponse(scope_, survey_, definition(), stored_, -1);
    if (changed != nullptr && !changed->has_exclusion()) {
      cells.AddResponse(scope_, survey_, definition(), *changed);
    }
    return cells.empty() ? absl::OkStatus() : cells.Write(tx, distribution::StageSlot());
  }

  const TenantScope scope_;
  const Uuid id_;
  const SurveyId survey_;
  const v1::Response stored_;
  const std::shared_ptr<const v1::SurveyVersion> version_;
};

// The version that was answered, which never changes: read before the transaction, so that no row stays locked while
// the database is asked for a survey.
absl::StatusOr<std::shared_ptr<const v1::SurveyVersion>> VersionOf(const ChangeRooms& rooms, const TenantScope& scope,
                                                                   const Uuid& id) {
  mysql::Rows rows;
  CANVASS_RETURN_IF_ERROR(rooms.database.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    mysql::Params params;
    params.Add(scope.tenant()).Add(id);
    CANVASS_ASSIGN_OR_RETURN(
        rows,
        tx.Query("SELECT survey_id, survey_version FROM responses WHERE tenant_id = ? AND response_id = ?", params));
    return absl::OkStatus();
  }));
  if (rows.empty()) return NoSuchResponse(id.ToString());
  return rooms.catalog.Version(scope, SurveyId(rows[0].String(0)), static_cast<int>(rows[0].Int(1)));
}

// Later than the last change, whatever the clocks of two servers say: the etag is made of it.
void StampChange(absl::Time now, v1::Response& response) {
  absl::Time time = absl::FromUnixMicros(absl::ToUnixMicros(now));
  if (response.has_update_time()) {
    time = std::max(time, FromProto(response.update_time()) + absl::Microseconds(1));
  }
  *response.mutable_update_time() = ToProto(time);
  response.set_etag(absl::StrCat(absl::ToUnixMicros(time)));
}

}  // namespace

absl::StatusOr<v1::Response> ChangeResponse(const ChangeRooms& rooms, const TenantScope& scope, const Uuid& id,
                                            ResponseChange change) {
  CANVASS_ASSIGN_OR_RETURN(const auto version, VersionOf(rooms, scope, id));
  v1::Response changed;
  CANVASS_RETURN_IF_ERROR(rooms.database.Write(scope, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(const LockedResponse locked, LockedResponse::Lock(tx, scope, id, version));
    changed = locked.stored();
    CANVASS_RETURN_IF_ERROR(change(locked.definition(), changed));
    if (StableBytes(changed) == StableBytes(locked.stored())) return absl::OkStatus();
    StampChange(rooms.clock.Now(), changed);
    return locked.Write(tx, changed);
  }));
  return changed;
}

absl::Status EraseResponse(const ChangeRooms& rooms, const TenantScope& scope, const Uuid& id) {
  CANVASS_ASSIGN_OR_RETURN(const auto version, VersionOf(rooms, scope, id));
  return rooms.database.Write(scope, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(const LockedResponse locked, LockedResponse::Lock(tx, scope, id, version));
    return locked.Erase(tx, rooms.clock.Now());
  });
}

}  // namespace canvass::responses
