// What one attempt to write a batch counts under the quotas of one tenant's surveys.
//
//   QuotaCounts counts(scope);
//   for (const Submission* item : items) counts.Expect(*item);
//   CANVASS_RETURN_IF_ERROR(counts.Lock(tx));
//   for (…) if (absl::Status room = counts.Take(*item); !room.ok()) …      // refused; the others go on
//   CANVASS_RETURN_IF_ERROR(counts.Write(tx));
//
// Surveys without limits cost nothing. Belongs to one transaction; not thread-safe.
#ifndef CANVASS_SERVER_RESPONSES_QUOTAS_QUOTA_COUNTS_H_
#define CANVASS_SERVER_RESPONSES_QUOTAS_QUOTA_COUNTS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "server/base/tenant_scope.h"
#include "server/mysql/database.h"
#include "server/responses/quotas/quota_store.h"
#include "server/responses/submission.h"

namespace canvass::responses {

// True if some limit of the survey may refuse `item`, as far as is known.
bool IsLimited(const Submission& item);

class QuotaCounts {
 public:
  // `scope` must outlive it.
  explicit QuotaCounts(const TenantScope& scope) : scope_(scope) {}

  // Prepares for an item that may be taken.
  void Expect(const Submission& item);

  // Locks the counters of all expected items until the transaction ends.
  absl::Status Lock(mysql::Transaction& tx) { return QuotaStore::Lock(tx, scope_, counters_); }

  // Counts an expected item that is valid. FailedPrecondition, and nothing is counted, if there is no room for it:
  // SURVEY_CLOSED if the survey has all its responses, QUOTA_FULL if one of the item's quotas is full.
  absl::Status Take(const Submission& item);

  absl::Status Write(mysql::Transaction& tx) const { return QuotaStore::Write(tx, scope_, counters_); }

 private:
  absl::Status CheckRoom(const Submission& item);
  // Null if nobody expected it.
  Counter* Find(const Submission& item, absl::string_view key);

  const TenantScope& scope_;
  Counters counters_;
};

}  // namespace canvass::responses

#endif  // CANVASS_SERVER_RESPONSES_QUOTAS_QUOTA_COUNTS_H_
