// The rows of decisions: one for every event and trigger whose conditions it met. They live here because showing or
// sending an invitation moves its decision on; what is decided, and how it is asked for, is in triggers/, which also
// knows the triggers that skipped an event: those have no rows.
//
// Columns are authoritative for outcome, reason and times; the payload holds the explanation and the next eligible
// time. Thread-safe; calls block.
#ifndef CANVASS_SERVER_DISTRIBUTION_DECISION_STORE_H_
#define CANVASS_SERVER_DISTRIBUTION_DECISION_STORE_H_

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "canvass/v1/decision.pb.h"
#include "canvass/v1/invitation.pb.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/mysql/database.h"

namespace canvass::distribution {

// The event's key (what its name ends in) and the trigger.
struct DecisionKey {
  Uuid event;
  TriggerId trigger;
  friend bool operator==(const DecisionKey&, const DecisionKey&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const DecisionKey& key) {
    return H::combine(std::move(h), key.event, key.trigger);
  }
};

// A decision to be stored. The message holds outcome, reason, explanation and times; names are made when it is read.
struct DecisionRecord {
  DecisionKey key;
  ContactId contact;
  std::optional<Uuid> invitation = std::nullopt;
  v1::Decision decision = {};
};

// A decision that an invitation came from, with its tenant.
struct SentDecision {
  TenantId tenant;
  DecisionKey key;
};

// NotFound, DECISION_NOT_FOUND.
absl::Status DecisionNotFound(const DecisionKey& key);

// The decision that led to `invitation`, read from its names of event and trigger; none if no trigger made it.
std::optional<DecisionKey> DecisionOf(const v1::Invitation& invitation);

// Where a page of a list goes on: behind the decision with this time and key.
struct DecisionPosition {
  absl::Time event_time;
  DecisionKey key;
};

struct DecisionFilter {
  std::optional<TriggerId> trigger;
  std::optional<ContactId> contact;
};

// Where reading changes goes on: behind the decision with this key that was written at this time. The empty key stands
// before all of its moment.
struct ChangePosition {
  absl::Time change_time;
  DecisionKey key = {};
};

// A decision with the time at which it was written last, by the database's clock.
struct ChangedDecision {
  DecisionKey key;
  absl::Time change_time;
  v1::Decision decision;
};

struct DecisionCounts {
  TriggerId trigger;
  v1::Decision::Outcome outcome;
  v1::Decision::Reason reason;
  int64_t count;
};

class DecisionStore {
 public:
  explicit DecisionStore(mysql::Database& database) : database_(database) {}

  // Inserts decisions, best sorted by key. AlreadyExists with IsDuplicateKey if an event and trigger has one already.
  absl::Status Insert(mysql::Transaction& tx, const TenantScope& scope, absl::Span<const DecisionRecord> records);

  // Moves decisions, of any tenants, from SCHEDULED or DEFERRED to SENT; FAILED ones, whose message left after all,
  // too, with the reason QUALIFIED. Others stay as they are.
  absl::Status MarkSent(mysql::Transaction& tx, absl::Span<const SentDecision> decisions);

  // Moves a decision from SCHEDULED or DEFERRED to `outcome` (SUPPRESSED or FAILED), decided anew at `now`, because its
  // invitation cannot leave. One that is further, or was never taken, stays as it is.
  absl::Status MarkGivenUp(mysql::Transaction& tx, const TenantScope& scope, const DecisionKey& key,
                           v1::Decision::Outcome outcome, v1::Decision::Reason reason, absl::string_view explanation,
                           absl::Time now);

  // Moves a decision from SENT back to SCHEDULED: what was sent came back. Another one stays as it is.
  absl::Status MarkReturned(mysql::Transaction& tx, const TenantScope& scope, const DecisionKey& key);

  // How many invitations each of `events` led to; events without one are absent.
  absl::StatusOr<absl::flat_hash_map<Uuid, int>> CountInvitations(mysql::Transaction& tx, const TenantScope& scope,
                                                                  absl::Span<const Uuid> events);

  // The time of the database's clock, by which changes are stamped.
  absl::StatusOr<absl::Time> DatabaseTime(const TenantScope& scope);
  // The decisions that were written last between `after` and `until` (inclusive), in that order; at most `limit`. Those
  // of transactions that are not committed are absent, whatever their time.
  absl::StatusOr<std::vector<ChangePosition>> ListChanges(const TenantScope& scope, const ChangePosition& after,
                                                          absl::Time until, int limit);
  // The decisions of `keys`, at most 512, in any order; those that do not exist are absent.
  absl::StatusOr<std::vector<ChangedDecision>> GetMany(const TenantScope& scope, absl::Span<const DecisionKey> keys);

  // NotFound, DECISION_NOT_FOUND, if there is no row.
  absl::StatusOr<v1::Decision> Get(const TenantScope& scope, const DecisionKey& key);
  // None if there is no row.
  absl::StatusOr<std::optional<v1::Decision>> Find(const TenantScope& scope, const DecisionKey& key);

  // By event time, the latest first, from behind `after`; at most `limit`. The filter must name a trigger or a contact.
  absl::StatusOr<std::vector<v1::Decision>> List(const TenantScope& scope, const DecisionFilter& filter,
                                                 const std::optional<DecisionPosition>& after, int limit);

  // Counts decisions on events of [start, end) by trigger, outcome and reason, sorted by them.
  absl::StatusOr<std::vector<DecisionCounts>> Count(const TenantScope& scope, const std::optional<TriggerId>& trigger,
                                                    absl::Time start, absl::Time end);

 private:
  mysql::Database& database_;
};

}  // namespace canvass::distribution

#endif  // CANVASS_SERVER_DISTRIBUTION_DECISION_STORE_H_
