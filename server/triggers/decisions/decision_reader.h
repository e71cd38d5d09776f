// All decisions, wherever they are kept: those that led to an invitation, which have rows, and refusals, which are read
// from the event and, where its facts decided, explained by the trigger's revision of that moment.
//
// A page of a trigger's decisions looks at no more than kMaxScanned events, so it may be short, or empty, although more
// follow. Thread-safe; calls block.
#ifndef CANVASS_SERVER_TRIGGERS_DECISIONS_DECISION_READER_H_
#define CANVASS_SERVER_TRIGGERS_DECISIONS_DECISION_READER_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "canvass/v1/decision.pb.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/distribution/decision_store.h"
#include "server/triggers/decisions/stored_judgement.h"
#include "server/triggers/trigger_store.h"

namespace canvass::triggers {

struct DecisionPage {
  std::vector<v1::Decision> decisions;
  // Where the next page starts; none on the last one.
  std::optional<distribution::DecisionPosition> next;
};

class DecisionReader {
 public:
  static constexpr int kMaxScanned = 1000;

  DecisionReader(distribution::DecisionStore& decisions, TriggerStore& triggers)
      : decisions_(decisions), triggers_(triggers) {}

  // NotFound, DECISION_NOT_FOUND, if none was taken.
  absl::StatusOr<v1::Decision> Get(const TenantScope& scope, const distribution::DecisionKey& key);

  // By event time, the latest first, from behind `after`; at most `limit`. The filter must name a trigger or a contact.
  absl::StatusOr<DecisionPage> List(const TenantScope& scope, const distribution::DecisionFilter& filter,
                                    const std::optional<distribution::DecisionPosition>& after, int limit);

  // Counts decisions on events of the hours (since 1970, UTC) [start, end), sorted by trigger, outcome and reason.
  absl::StatusOr<std::vector<distribution::DecisionCounts>> Count(const TenantScope& scope,
                                                                  const std::optional<TriggerId>& trigger,
                                                                  int64_t start_hour, int64_t end_hour);

 private:
  // Skipped ones, and how far was looked: everything up to `horizon` has been seen, or everything at all.
  struct Scan {
    std::vector<v1::Decision> decisions;
    std::optional<distribution::DecisionPosition> horizon;
  };
  absl::StatusOr<Scan> ScanRefusals(const TenantScope& scope, const distribution::DecisionFilter& filter,
                                    const std::optional<distribution::DecisionPosition>& after, int limit);
  absl::StatusOr<std::optional<JudgementFilter>> WhereToScan(const TenantScope& scope,
                                                             const distribution::DecisionFilter& filter);

  distribution::DecisionStore& decisions_;
  TriggerStore& triggers_;
};

// Where `decision` stands in lists.
distribution::DecisionPosition PositionOf(const v1::Decision& decision);

}  // namespace canvass::triggers

#endif  // CANVASS_SERVER_TRIGGERS_DECISIONS_DECISION_READER_H_
