// What is asked before a message leaves, whoever decided it and whenever. The rules are triggers'; the sender, which
// must not know them, calls this.
#ifndef CANVASS_SERVER_DISTRIBUTION_OUTBOX_SEND_CHECK_H_
#define CANVASS_SERVER_DISTRIBUTION_OUTBOX_SEND_CHECK_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "canvass/v1/contact.pb.h"
#include "canvass/v1/decision.pb.h"
#include "canvass/v1/invitation.pb.h"
#include "server/base/tenant_scope.h"
#include "server/distribution/invitation_store.h"

namespace canvass::distribution {

struct SendVerdict {
  enum class Action {
    kSend,    // on `channel`, to `address`
    kDefer,   // try again at `until`
    kCancel,  // never; the decision becomes SUPPRESSED (EXPIRED and SEND_FAILED: FAILED) with `reason`
  };
  Action action = Action::kSend;
  // The message's own, or the next one of the trigger on which the customer can be reached.
  v1::Invitation::Channel channel = v1::Invitation::CHANNEL_UNSPECIFIED;
  std::string address = {};
  absl::Time until = {};
  v1::Decision::Reason reason = v1::Decision::REASON_UNSPECIFIED;
  // For people. Never holds an address.
  std::string explanation = {};
  // The customer as stored now; its language and time zone.
  v1::Contact contact = {};
};

// What is about to leave.
struct SendQuestion {
  const InvitationRecord* invitation;
  v1::Invitation::Channel channel;
  // 0: the invitation; 1, 2, 3: that reminder.
  int reminder = 0;
  // When the message was due first.
  absl::Time due;
};

class SendCheck {
 public:
  virtual ~SendCheck() = default;

  // Judges by what is stored now: opt-out, suppression, consent, address, the condition on the contact's current
  // attributes, the trigger paused or deleted, the survey's state and quotas, quiet hours, lateness, expiry, answered
  // meanwhile, the tenant's state. Frequency caps were reserved when it was decided and are looked at again only where
  // the contact was merged. Reads on connections of its own. Thread-safe; blocks. Errors of mysql::Database.
  virtual absl::StatusOr<SendVerdict> Check(const TenantScope& scope, const SendQuestion& question) = 0;

  // When the reminder behind `reminder` is due if the message before left at `sent`; absl::InfiniteFuture() if the
  // trigger has no such reminder. The channel to try after `failed`; CHANNEL_UNSPECIFIED if there is none.
  struct Next {
    absl::Time reminder_time = absl::InfiniteFuture();
    v1::Invitation::Channel fallback = v1::Invitation::CHANNEL_UNSPECIFIED;
  };
  virtual absl::StatusOr<Next> After(const TenantScope& scope, const SendQuestion& question, absl::Time sent) = 0;
};

}  // namespace canvass::distribution

#endif  // CANVASS_SERVER_DISTRIBUTION_OUTBOX_SEND_CHECK_H_
