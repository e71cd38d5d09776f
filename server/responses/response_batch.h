// One attempt to store a batch of submissions in one transaction: judges every item against what is stored and what its
// survey still takes, inserts what is new, moves the invitations on and folds the metric cells.
//
//   ResponseBatch batch(rooms, items, clock.Now());
//   absl::Status status = database.WriteShared(
//       batch.scopes(), [&](mysql::Transaction& tx) { return batch.Write(tx, slot, KnownKeys::kOfAnswered); });
//   if (status.ok()) …                // committed: batch.verdicts() hold
//
// Verdicts mean nothing before the commit. Write() may run again on another transaction. Items must outlive the batch.
// Not thread-safe.
#ifndef CANVASS_SERVER_RESPONSES_RESPONSE_BATCH_H_
#define CANVASS_SERVER_RESPONSES_RESPONSE_BATCH_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "canvass/v1/response_service.pb.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/distribution/decision_store.h"
#include "server/distribution/invitation_store.h"
#include "server/metrics/cell_batch.h"
#include "server/metrics/dimension_cache.h"
#include "server/mysql/database.h"
#include "server/responses/drafts/draft_store.h"
#include "server/responses/quotas/quota_counts.h"
#include "server/responses/repeats/contact_turns.h"
#include "server/responses/response_store.h"
#include "server/responses/submission.h"
#include "server/surveys/survey_catalog.h"

namespace canvass::responses {

// What a batch is written with. All must outlive it.
struct BatchRooms {
  ResponseStore& responses;
  distribution::InvitationStore& invitations;
  distribution::DecisionStore& decisions;
  surveys::SurveyCatalog& catalog;
  metrics::DimensionCache& dimensions;
};

// Which single-use keys are looked up before the insert.
enum class KnownKeys {
  kOfAnswered,  // of invitations that are answered and of calls that are or may be refused; the insert finds the others
  kAll,         // after the insert has found one
};

// What became of an item.
struct Verdict {
  // Not 0: nothing was decided, because the item's invitation or draft asks this version, which is not in memory. Load
  // it, set it in the submission, write again.
  int missing_version = 0;
  absl::StatusOr<v1::SubmitResponseResponse> answer = v1::SubmitResponseResponse();
};

class ResponseBatch {
 public:
  ResponseBatch(const BatchRooms& rooms, std::vector<Submission*> items, absl::Time now);

  // The tenants whose rows are touched.
  absl::Span<const TenantScope* const> scopes() const { return scopes_; }

  // The transaction. Errors are those of the stores; IsDuplicateKey if one of the keys that were not looked up is
  // taken.
  absl::Status Write(mysql::Transaction& tx, int slot, KnownKeys known_keys);

  // Call it after the commit.
  void MarkCommitted() const { cells_.MarkCommitted(); }

  // One for each item, in the order of items().
  std::vector<Verdict>& verdicts() { return verdicts_; }
  // Sorted by tenant and response id, the primary key.
  const std::vector<Submission*>& items() const { return items_; }

 private:
  using Records = absl::flat_hash_map<Uuid, distribution::InvitationRecord>;

  absl::Status WriteTenant(mysql::Transaction& tx, absl::Span<Submission* const> items, KnownKeys known_keys);
  absl::StatusOr<Records> LockInvitations(mysql::Transaction& tx, absl::Span<Submission* const> items);
  // Adds what drafts have to the items that complete them; `drafts_` is what there is.
  absl::Status TakeDrafts(mysql::Transaction& tx, absl::Span<Submission* const> items);
  // Gives items the versions that their invitations or drafts ask, as far as they are in memory.
  void FindVersions(absl::Span<Submission* const> items, const Records& records);
  absl::Status FindStored(mysql::Transaction& tx, absl::Span<Submission* const> items, const Records& records,
                          KnownKeys known_keys);
  Verdict Judge(Submission& item, Records& records, ContactTurns& turns, QuotaCounts& counts);
  // The last part of it, for an item that fits its version; `record` is its invitation's or null.
  Verdict JudgeLimits(Submission& item, distribution::InvitationRecord* record, ContactTurns& turns,
                      QuotaCounts& counts);
  // The draft that the item completes; null if there is none, or it completes none.
  const Draft* FindDraft(const Submission& item) const;
  // Which version the item's invitation or draft asks, 0 if there is neither.
  int VersionOf(const Submission& item, const Records& records) const;
  // Hands over to the item what the invitation knows, which is not used any more.
  void TakeInvitation(Submission& item, distribution::InvitationRecord& record);
  void FoldInvitation(const Submission& item, const distribution::InvitationRecord& record);
  Verdict Take(Submission& item);

  const BatchRooms rooms_;
  const absl::Time now_;
  std::vector<Submission*> items_;
  std::vector<const TenantScope*> scopes_;

  // The rest is of the latest attempt.
  std::vector<Verdict> verdicts_;
  // Of the tenant at hand, by single-use key: what is stored, and what is about to be.
  absl::flat_hash_map<std::string, StoredResponse> stored_;
  // Of the tenant at hand: those that items complete, and of these the ones that were completed.
  Drafts drafts_;
  std::vector<Uuid> completed_;
  std::vector<const Submission*> taken_;
  std::vector<distribution::Answered> answered_;
  std::vector<distribution::SentDecision> sent_;
  metrics::CellBatch cells_;
};

}  // namespace canvass::responses

#endif  // CANVASS_SERVER_RESPONSES_RESPONSE_BATCH_H_
