// The rows of drafts: what respondents have answered so far, so that they can go on later and elsewhere.
//
// A draft of an invitation has the invitation's id, one of a visit of a survey link an id that nobody can choose (see
// server/http/pages/visit.h), one that a caller saves a digest of its request_id.
//
//   CANVASS_ASSIGN_OR_RETURN(Draft draft, drafts.Change(scope, id, clock.Now(), keep_until, [&](Draft& draft) {
//     *draft.content.add_answers() = answer;
//   }));
//
// Thread-safe; calls block. The database must outlive the store.
#ifndef CANVASS_SERVER_RESPONSES_DRAFTS_DRAFT_STORE_H_
#define CANVASS_SERVER_RESPONSES_DRAFTS_DRAFT_STORE_H_

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/mysql/database.h"
#include "server/responses/drafts/draft.h"

namespace canvass::responses {

// May run again on a conflict.
using DraftChange = absl::FunctionRef<void(Draft& draft)>;
using Drafts = absl::flat_hash_map<Uuid, Draft>;

class DraftStore {
 public:
  explicit DraftStore(mysql::Database& database) : database_(database) {}

  // Empty if there is none, or if it has expired at `now`.
  absl::StatusOr<Draft> Get(const TenantScope& scope, const Uuid& id, absl::Time now);

  // Lets `change` change the draft, which is locked meanwhile and empty if there is none, and keeps it until
  // `expire_time`. Of two devices that answer at the same moment neither loses what the other one said. Making a draft
  // deletes a few that have expired, so that they never pile up.
  absl::StatusOr<Draft> Change(const TenantScope& scope, const Uuid& id, absl::Time now, absl::Time expire_time,
                               DraftChange change);

  // Deletes drafts of the tenant that have expired at `now`, at most `limit`; returns how many it deleted.
  absl::StatusOr<int64_t> DeleteExpired(const TenantScope& scope, absl::Time now, int limit);

  // Locks those of `ids` that there are and that have not expired at `now`.
  static absl::StatusOr<Drafts> LockMany(mysql::Transaction& tx, const TenantScope& scope, absl::Span<const Uuid> ids,
                                         absl::Time now);
  // Deletes drafts that LockMany has locked.
  static absl::Status DeleteMany(mysql::Transaction& tx, const TenantScope& scope, absl::Span<const Uuid> ids);

 private:
  mysql::Database& database_;
};

}  // namespace canvass::responses

#endif  // CANVASS_SERVER_RESPONSES_DRAFTS_DRAFT_STORE_H_
