#include "server/triggers/limits/reserved_limits.h"

#include <set>
#include <vector>

#include "server/base/proto_time.h"
#include "server/base/status_macros.h"
#include "server/triggers/rules/caps.h"

namespace canvass::triggers {

absl::StatusOr<ReservedLimits> ReservedLimits::Reserve(mysql::Transaction& tx, const TenantScope& scope,
                                                       const v1::ContactPolicy& policy,
                                                       absl::Span<const Asking* const> askings,
                                                       const SurveyMetrics& metrics) {
  std::vector<ClockNeed> needs;
  std::set<CountedDay> days;
  for (const Asking* asking : askings) {
    // Also without a cap: the clocks move all the same.
    needs.push_back({.contact = *asking->contact_id, .due = asking->due});
    for (HeldCap& cap : CapsOf(asking->trigger->trigger, policy, AskedAsOf(*asking))) {
      needs.push_back({.contact = *asking->contact_id,
                       .due = asking->due,
                       .clock = std::move(cap.clock),
                       .interval = cap.interval});
    }
    const int64_t day = LocalDay(asking->due, scope.time_zone());
    if (asking->trigger->trigger.daily_limit() > 0) days.insert({.trigger = asking->trigger->id, .day = day});
    if (policy.daily_limit() > 0) days.insert({.trigger = TriggerId(), .day = day});
  }
  CANVASS_ASSIGN_OR_RETURN(ContactClocks clocks, ContactClocks::Reserve(tx, scope, needs, metrics));
  CANVASS_ASSIGN_OR_RETURN(InvitationDays reserved_days, InvitationDays::Reserve(tx, scope, days));
  return ReservedLimits(std::move(clocks), std::move(reserved_days));
}

void ReservedLimits::Ask(const ContactId& contact, absl::Span<const std::string> clocks, absl::Time due,
                         const TriggerId& trigger, int64_t day) {
  clocks_.Move(contact, clocks, due);
  // An invitation made by hand has no trigger, and counts among all alone.
  if (!trigger.empty()) days_.Add({.trigger = trigger, .day = day});
  days_.Add({.trigger = TriggerId(), .day = day});
}

absl::Status ReservedLimits::Write(mysql::Transaction& tx, const TenantScope& scope) const {
  CANVASS_RETURN_IF_ERROR(clocks_.Write(tx, scope));
  return days_.Write(tx, scope);
}

}  // namespace canvass::triggers
