// Which invitation each request_id of CreateInvitation made.
//
//   CANVASS_RETURN_IF_ERROR(InsertRequest(tx, scope, {.key = key, .invitation = id, .content_digest = digest}));
//
// Free functions, thread-safe; calls block.
#ifndef CANVASS_SERVER_TRIGGERS_INVITING_INVITATION_REQUESTS_H_
#define CANVASS_SERVER_TRIGGERS_INVITING_INVITATION_REQUESTS_H_

#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/mysql/database.h"

namespace canvass::triggers {

struct InvitationRequest {
  Uuid key;
  Uuid invitation;
  Uuid content_digest;
};

// AlreadyExists with IsDuplicateKey if the key made an invitation before; waits for whoever is about to use it.
absl::Status InsertRequest(mysql::Transaction& tx, const TenantScope& scope, const InvitationRequest& request);

// What `key` made; none if it made nothing.
absl::StatusOr<std::optional<InvitationRequest>> FindRequest(mysql::Database& database, const TenantScope& scope,
                                                             const Uuid& key);

}  // namespace canvass::triggers

#endif  // CANVASS_SERVER_TRIGGERS_INVITING_INVITATION_REQUESTS_H_
