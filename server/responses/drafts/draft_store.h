// The rows of drafts: what respondents have answered so far, so that they can go on later and elsewhere.
//
// A draft is a v1::Response that is not whole yet: its answers, the language, when it was begun. One with an
// answer_time was handed in; it is kept for a while so that its respondent still finds the thanks. A draft of an
// invitation has the invitation's id, one of a visit of a survey link an id that nobody can choose (see
// server/http/pages/visitor.h).
//
//   CANVASS_ASSIGN_OR_RETURN(v1::Response draft, drafts.Change(scope, id, clock.Now(), keep_until, [&](v1::Response&
//   draft) {
//     *draft.add_answers() = answer;
//   }));
//
// Thread-safe; calls block. The database must outlive the store.
#ifndef CANVASS_SERVER_RESPONSES_DRAFTS_DRAFT_STORE_H_
#define CANVASS_SERVER_RESPONSES_DRAFTS_DRAFT_STORE_H_

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "canvass/v1/response.pb.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/mysql/database.h"

namespace canvass::responses {

// May run again on a conflict.
using DraftChange = absl::FunctionRef<void(v1::Response& draft)>;

class DraftStore {
 public:
  explicit DraftStore(mysql::Database& database) : database_(database) {}

  // Empty if there is none, or if it has expired at `now`.
  absl::StatusOr<v1::Response> Get(const TenantScope& scope, const Uuid& id, absl::Time now);

  // Lets `change` change the draft, which is locked meanwhile and empty if there is none, and keeps it until
  // `expire_time`. Of two devices that answer at the same moment neither loses what the other one said. Making a draft
  // deletes a few that have expired, so that they never pile up.
  absl::StatusOr<v1::Response> Change(const TenantScope& scope, const Uuid& id, absl::Time now, absl::Time expire_time,
                                      DraftChange change);

  // Deletes drafts of the tenant that have expired at `now`, at most `limit`; returns how many it deleted.
  absl::StatusOr<int64_t> DeleteExpired(const TenantScope& scope, absl::Time now, int limit);

 private:
  mysql::Database& database_;
};

}  // namespace canvass::responses

#endif  // CANVASS_SERVER_RESPONSES_DRAFTS_DRAFT_STORE_H_
