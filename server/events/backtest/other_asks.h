// The invitations that other triggers really made, as the replay of one trigger counts them: for its frequency caps,
// daily limits and `history.*`.
//
//   CANVASS_ASSIGN_OR_RETURN(OtherAsks others, ReadOtherAsks(sources, scope, {.except = …, .start = …, .end = …}));
//   for (const OtherAsk& ask : others.Of(customer)) … others.CountsOn(ask, "survey:nps") …
//
// All of them are in memory, some 150 bytes each beside the customers' ids. Once filled, thread-safe.
#ifndef CANVASS_SERVER_EVENTS_BACKTEST_OTHER_ASKS_H_
#define CANVASS_SERVER_EVENTS_BACKTEST_OTHER_ASKS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/triggers/plan.h"
#include "server/triggers/rules/caps.h"

namespace canvass::events {

// The place of an event among all: by time, then key.
struct EventPlace {
  absl::Time time;
  Uuid key;
  friend bool operator==(const EventPlace&, const EventPlace&) = default;
  friend bool operator<(const EventPlace& a, const EventPlace& b) {
    return a.time < b.time || (a.time == b.time && a.key < b.key);
  }
};

struct OtherAsk {
  // Of which event.
  EventPlace event;
  absl::Time due;
  // InfiniteFuture unless it was answered.
  absl::Time answer_time = absl::InfiniteFuture();
  // What it counts as, and who made it: places in the lists of OtherAsks.
  uint32_t kind = 0;
  uint32_t trigger = 0;
};

class OtherAsks {
 public:
  // `ask` without kind and trigger. `day` is the one on which it is due, if days matter.
  void Add(const ContactId& customer, const TriggerId& trigger, const triggers::AskedAs& asked,
           std::optional<int64_t> day, OtherAsk ask);
  // Call once everything is added.
  void Sort();

  absl::Span<const OtherAsk> Of(const ContactId& customer) const;
  // Those due on a day of the tenant's, in the order of their events.
  absl::Span<const OtherAsk> DueOn(int64_t day) const;
  // Whether it moved that clock of the customer's.
  bool CountsOn(const OtherAsk& ask, absl::string_view clock) const;
  // Who made them.
  const std::vector<TriggerId>& triggers() const { return triggers_; }

 private:
  uint32_t KindOf(const triggers::AskedAs& asked);
  uint32_t PlaceOf(const TriggerId& trigger);

  absl::flat_hash_map<ContactId, std::vector<OtherAsk>> by_customer_;
  absl::flat_hash_map<int64_t, std::vector<OtherAsk>> by_day_;
  std::vector<std::vector<std::string>> clocks_of_kind_;
  absl::flat_hash_map<std::string, uint32_t> kinds_;
  std::vector<TriggerId> triggers_;
  absl::flat_hash_map<TriggerId, uint32_t> places_;
};

struct OtherAsksFilter {
  // Not what these made.
  absl::flat_hash_set<TriggerId> except;
  // Due at or after, and before.
  absl::Time start;
  absl::Time end;
  // The zone of days, if they matter.
  std::optional<absl::TimeZone> days = std::nullopt;
};

// Reads them from the invitations, without those that were given up. One that no event led to counts from when it was
// made. Errors as the statements'.
absl::StatusOr<OtherAsks> ReadOtherAsks(const triggers::PlanSources& sources, const TenantScope& scope,
                                        const OtherAsksFilter& filter);

}  // namespace canvass::events

#endif  // CANVASS_SERVER_EVENTS_BACKTEST_OTHER_ASKS_H_
