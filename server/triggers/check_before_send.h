// What triggers say before a message leaves: everything that was judged by when the event came is judged again by what
// is stored now, with the facts of the event as they were. See distribution/outbox/send_check.h.
//
// What was made by hand has no trigger: a stand-in that asks everybody takes its place.
//
// Frequency caps and daily limits are not asked again: the invitation reserved them when it was decided.
// Thread-safe; blocks.
#ifndef CANVASS_SERVER_TRIGGERS_CHECK_BEFORE_SEND_H_
#define CANVASS_SERVER_TRIGGERS_CHECK_BEFORE_SEND_H_

#include <memory>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "canvass/v1/suppression.pb.h"
#include "server/base/clock.h"
#include "server/base/tenant_scope.h"
#include "server/contacts/contact_store.h"
#include "server/contacts/suppression_store.h"
#include "server/distribution/outbox/send_check.h"
#include "server/triggers/plan.h"
#include "tenants/tenant_directory.h"

namespace canvass::triggers {

// What it works with; all outlive it.
struct SendCheckRooms {
  PlanSources sources;
  contacts::ContactStore& contacts;
  contacts::SuppressionStore& suppressions;
  tenants::TenantDirectory& tenants;
};

class CheckBeforeSend final : public distribution::SendCheck {
 public:
  CheckBeforeSend(const SendCheckRooms& rooms, const Clock& clock) : rooms_(rooms), clock_(clock) {}

  absl::StatusOr<distribution::SendVerdict> Check(const TenantScope& scope,
                                                  const distribution::SendQuestion& question) override;
  absl::StatusOr<Next> After(const TenantScope& scope, const distribution::SendQuestion& question,
                             absl::Time sent) override;

 private:
  // The customer as stored now.
  struct Reached {
    v1::Contact contact;
    std::vector<v1::Suppression> suppressions;
  };
  absl::StatusOr<Reached> ReadCustomer(const TenantScope& scope, const ContactId& id);
  // The trigger behind the invitation, or what stands for it; null if it was deleted.
  absl::StatusOr<std::shared_ptr<const ActiveTrigger>> TriggerOf(const TenantScope& scope,
                                                                 const distribution::InvitationRecord& record);
  // What stands against it by the event's facts and the customer's now; none if nothing does.
  absl::StatusOr<std::optional<distribution::SendVerdict>> ScreenAgain(const TenantScope& scope,
                                                                       const distribution::SendQuestion& question,
                                                                       const ActiveTrigger& trigger,
                                                                       const v1::Contact& contact);

  const SendCheckRooms rooms_;
  const Clock& clock_;
};

}  // namespace canvass::triggers

#endif  // CANVASS_SERVER_TRIGGERS_CHECK_BEFORE_SEND_H_
