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
#include "server/metrics/cell_batch.h"
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
  // The channel said at once that the address does not exist.
  bool bounced = false;

  const TenantScope& scope() const { return tenant.scope; }
  v1::OutboxMessage& message() { return claimed.message; }
  const v1::OutboxMessage& message() const { return claimed.message; }
  SendQuestion Question() const;
};

// A message that had left and came back for good.
struct ReturnedMessage {
  const TenantScope& scope;
  // As stored now, with the report that says so.
  const ClaimedMessage& claimed;
  // What the invitation asks; null if the survey is gone, whose numbers then are, too.
  const v1::SurveyDefinition* survey;
  // What is tried instead; CHANNEL_UNSPECIFIED: nothing.
  v1::Invitation::Channel fallback;
};

// True if something has to be sent on the channel; on others, customers find the invitation by themselves.
bool IsSentOn(v1::Invitation::Channel channel);
// True if somebody tells later what became of messages on the channel.
bool HasReports(v1::Invitation::Channel channel);

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

  // The message is SENT: the invitation is DELIVERED and counted, its decision SENT, the next reminder waits. If a
  // report has overtaken us that it came back, it is BOUNCED, and TakeBack follows.
  absl::StatusOr<bool> WriteSent(const SendingJob& job);

  // The message is not the way, `channel` is: a message of that channel waits, or the invitation waits there to be
  // found.
  absl::StatusOr<bool> WriteMoved(const SendingJob& job, v1::Invitation::Channel channel);

  // The message is CANCELLED or DEAD and nothing else is tried: so is an invitation that was never delivered, and its
  // decision.
  absl::StatusOr<bool> WriteGivenUp(const SendingJob& job, v1::Decision::Reason reason, absl::string_view explanation);

  // What follows from `returned`, which is written as BOUNCED, in the transaction that locked it and its invitation,
  // `record`. If nothing but this message delivered the invitation, and it is still unanswered, it is taken from
  // delivered and counted as bounced, its reminders are cancelled, and it waits on the fallback or is given up. A
  // reminder is tried on the fallback alone.
  absl::Status TakeBack(mysql::Transaction& tx, const ReturnedMessage& returned, InvitationRecord& record,
                        metrics::CellBatch& cells);

 private:
  using Rest =
      absl::FunctionRef<absl::Status(mysql::Transaction& tx, InvitationRecord& record, metrics::CellBatch& cells)>;

  absl::StatusOr<bool> Write(const SendingJob& job, Rest rest);
  absl::Status TakeBackIfReported(mysql::Transaction& tx, const SendingJob& job, InvitationRecord& record,
                                  metrics::CellBatch& cells);
  absl::Status Reopen(mysql::Transaction& tx, const ReturnedMessage& returned, InvitationRecord& record);
  absl::Status InsertMessage(mysql::Transaction& tx, const TenantScope& scope, const InvitationRecord& record,
                             NewMessage message);
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
