// Writes down what became of a claimed message: the message, its invitation and decision, the stage count and the
// message that follows, in one transaction that only commits while the claim is ours.
//
//   CANVASS_ASSIGN_OR_RETURN(const bool ours, settlement.WriteSent(job));
//
// Thread-safe; calls block. Each returns false, with nothing written, if the claim was lost; errors of mysql::Database.
#ifndef CANVASS_SERVER_DISTRIBUTION_OUTBOX_SETTLEMENT_H_
#define CANVASS_SERVER_DISTRIBUTION_OUTBOX_SETTLEMENT_H_

#include <memory>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "canvass/v1/decision.pb.h"
#include "canvass/v1/survey.pb.h"
#include "server/base/clock.h"
#include "server/base/random.h"
#include "server/distribution/decision_store.h"
#include "server/distribution/invitation_store.h"
#include "server/distribution/outbox/outbox_store.h"
#include "server/distribution/outbox/send_check.h"
#include "server/metrics/dimension_cache.h"
#include "tenants/tenant_directory.h"

namespace canvass::distribution {

// A message with what belongs to it.
struct SendingJob {
  const tenants::TenantEntry& tenant;
  ClaimedMessage claimed;
  // As read before it was sent.
  InvitationRecord record = {};
  SendVerdict verdict = {};
  // What follows if it is sent, or fails for good.
  SendCheck::Next next = {};
  // What the invitation asks; null until the message is to be sent.
  std::shared_ptr<const v1::SurveyVersion> version = nullptr;

  const TenantScope& scope() const { return tenant.scope; }
  v1::OutboxMessage& message() { return claimed.message; }
  const v1::OutboxMessage& message() const { return claimed.message; }
  SendQuestion Question() const;
};

// True if something has to be sent on the channel; on others, customers find the invitation by themselves.
bool IsSentOn(v1::Invitation::Channel channel);

class Settlement {
 public:
  Settlement(OutboxStore& outbox, InvitationStore& invitations, DecisionStore& decisions,
             metrics::DimensionCache& dimensions, const Clock& clock, Random& random)
      : outbox_(outbox),
        invitations_(invitations),
        decisions_(decisions),
        dimensions_(dimensions),
        clock_(clock),
        random_(random) {}

  // The message alone: it waits, or nothing follows.
  absl::StatusOr<bool> WriteMessage(const SendingJob& job);

  // The message is SENT: the invitation is DELIVERED and counted, its decision SENT, the next reminder waits.
  absl::StatusOr<bool> WriteSent(const SendingJob& job);

  // The message is not the way, `channel` is: a message of that channel waits, or the invitation waits there to be
  // found.
  absl::StatusOr<bool> WriteMoved(const SendingJob& job, v1::Invitation::Channel channel);

  // The message is CANCELLED or DEAD and nothing else is tried: so is an invitation that was never delivered, and its
  // decision.
  absl::StatusOr<bool> WriteGivenUp(const SendingJob& job, v1::Decision::Reason reason, absl::string_view explanation);

 private:
  using Rest = absl::FunctionRef<absl::Status(mysql::Transaction& tx, InvitationRecord& record)>;

  absl::StatusOr<bool> Write(const SendingJob& job, Rest rest);
  absl::Status InsertMessage(mysql::Transaction& tx, const SendingJob& job, NewMessage message);
  absl::Status InsertReminder(mysql::Transaction& tx, const SendingJob& job, const InvitationRecord& record);

  OutboxStore& outbox_;
  InvitationStore& invitations_;
  DecisionStore& decisions_;
  metrics::DimensionCache& dimensions_;
  const Clock& clock_;
  Random& random_;
};

}  // namespace canvass::distribution

#endif  // CANVASS_SERVER_DISTRIBUTION_OUTBOX_SETTLEMENT_H_
