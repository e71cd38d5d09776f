// How many events each trigger did not ask about, by the hour of the event: what its decisions without rows add to the
// counts. The table is called skip_counts.
//
//   RefusalCounts counts;
//   counts.Add(trigger, event_time, reason);
//   CANVASS_RETURN_IF_ERROR(counts.Write(tx, scope, StageSlot()));      // with the events
//
// Not thread-safe; ReadRefusalCounts is.
#ifndef CANVASS_SERVER_TRIGGERS_DECISIONS_REFUSAL_COUNTS_H_
#define CANVASS_SERVER_TRIGGERS_DECISIONS_REFUSAL_COUNTS_H_

#include <cstdint>
#include <optional>
#include <tuple>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "canvass/v1/decision.pb.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/distribution/decision_store.h"
#include "server/mysql/database.h"

namespace canvass::triggers {

// The hour of `time`, since 1970 in UTC, down and up.
int64_t HourOf(absl::Time time);
absl::Time StartOfHour(int64_t hour);

class RefusalCounts {
 public:
  // `trigger` must outlive the counts.
  void Add(const TriggerId& trigger, absl::Time event_time, v1::Decision::Reason reason) {
    ++totals_[{&trigger, HourOf(event_time), static_cast<int>(reason)}];
  }

  // Writers with different slots never wait for each other.
  absl::Status Write(mysql::Transaction& tx, const TenantScope& scope, int slot) const;

 private:
  // One batch meets few triggers, each at one address.
  absl::flat_hash_map<std::tuple<const TriggerId*, int64_t, int>, int64_t> totals_;
};

// The counts on events of the hours [start, end), of all triggers or one, sorted by trigger and reason.
absl::StatusOr<std::vector<distribution::DecisionCounts>> ReadRefusalCounts(mysql::Database& database,
                                                                            const TenantScope& scope,
                                                                            const std::optional<TriggerId>& trigger,
                                                                            int64_t start, int64_t end);

// The hours of the first and the last event that a trigger refused; none if it never did.
struct RefusalHours {
  int64_t first = 0;
  int64_t last = 0;
};
absl::StatusOr<std::optional<RefusalHours>> ReadRefusalHours(mysql::Database& database, const TenantScope& scope,
                                                             const TriggerId& trigger);

}  // namespace canvass::triggers

#endif  // CANVASS_SERVER_TRIGGERS_DECISIONS_REFUSAL_COUNTS_H_
