#include "server/triggers/inviting/invitation_requests.h"

#include "server/base/status_macros.h"

namespace canvass::triggers {

absl::Status InsertRequest(mysql::Transaction& tx, const TenantScope& scope, const InvitationRequest& request) {
  mysql::Params params;
  params.Add(scope.tenant()).Add(request.key).Add(request.invitation).Add(request.content_digest);
  return tx.InsertRows("INSERT INTO invitation_requests (tenant_id, request_key, invitation_id, content_digest) VALUES",
                       4, params);
}

absl::StatusOr<std::optional<InvitationRequest>> FindRequest(mysql::Database& database, const TenantScope& scope,
                                                             const Uuid& key) {
  mysql::Params params;
  params.Add(scope.tenant()).Add(key);
  std::optional<InvitationRequest> found;
  CANVASS_RETURN_IF_ERROR(database.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        tx.Query(
            "SELECT invitation_id, content_digest FROM invitation_requests WHERE tenant_id = ? AND request_key = ?",
            params));
    found.reset();
    if (!rows.empty()) found = {.key = key, .invitation = rows[0].Uuid(0), .content_digest = rows[0].Uuid(1)};
    return absl::OkStatus();
  }));
  return found;
}

}  // namespace canvass::triggers
