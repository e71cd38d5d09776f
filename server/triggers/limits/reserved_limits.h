// The limits of the customers and days that a batch of events may ask on, locked in the database until its transaction
// ends: see contact_clocks.h and invitation_days.h.
//
//   CANVASS_ASSIGN_OR_RETURN(ReservedLimits limits, ReservedLimits::Reserve(tx, scope, policy, askings, metrics));
//   … HoldToLimits(terms, asking, limits, verdict) …
//   CANVASS_RETURN_IF_ERROR(limits.Write(tx, scope));
//
// Belongs to one run of one transaction. Not thread-safe.
#ifndef CANVASS_SERVER_TRIGGERS_LIMITS_RESERVED_LIMITS_H_
#define CANVASS_SERVER_TRIGGERS_LIMITS_RESERVED_LIMITS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "canvass/v1/settings.pb.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/mysql/database.h"
#include "server/triggers/limits/contact_clocks.h"
#include "server/triggers/limits/invitation_days.h"
#include "server/triggers/rules/asking.h"

namespace canvass::triggers {

class ReservedLimits final : public AskLimits {
 public:
  // Locks what the limits of `askings`, planned already, look at. Clocks first, then days, in every transaction.
  static absl::StatusOr<ReservedLimits> Reserve(mysql::Transaction& tx, const TenantScope& scope,
                                                const v1::ContactPolicy& policy,
                                                absl::Span<const Asking* const> askings, const SurveyMetrics& metrics);

  std::optional<absl::Time> WithinInterval(const ContactId& contact, absl::string_view clock, absl::Time due,
                                           absl::Duration interval) const override {
    return clocks_.WithinInterval(contact, clock, due, interval);
  }
  std::optional<absl::Time> Latest(const ContactId& contact, absl::string_view clock) const override {
    return clocks_.Latest(contact, clock);
  }
  int64_t DueOn(const TriggerId& trigger, int64_t day) const override {
    return days_.Count({.trigger = trigger, .day = day});
  }
  void Ask(const ContactId& contact, absl::Span<const std::string> clocks, absl::Time due, const TriggerId& trigger,
           int64_t day) override;

  // Writes what was asked.
  absl::Status Write(mysql::Transaction& tx, const TenantScope& scope) const;

 private:
  ReservedLimits(ContactClocks clocks, InvitationDays days) : clocks_(std::move(clocks)), days_(std::move(days)) {}

  ContactClocks clocks_;
  InvitationDays days_;
};

}  // namespace canvass::triggers

#endif  // CANVASS_SERVER_TRIGGERS_LIMITS_RESERVED_LIMITS_H_
