#include "server/distribution/outbox/settlement.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "server/base/proto_time.h"
#include "server/base/status_macros.h"
#include "server/distribution/invitation.h"
#include "server/distribution/stage_slot.h"
#include "server/metrics/cell_batch.h"

namespace canvass::distribution {
namespace {

bool IsOpen(const v1::Invitation& invitation) {
  return invitation.state() == v1::Invitation::STATE_SCHEDULED || invitation.state() == v1::Invitation::STATE_DELIVERED;
}

// What a decision becomes whose invitation cannot leave.
v1::Decision::Outcome OutcomeOf(v1::Decision::Reason reason) {
  const bool failed = reason == v1::Decision::REASON_EXPIRED || reason == v1::Decision::REASON_SEND_FAILED;
  return failed ? v1::Decision::OUTCOME_FAILED : v1::Decision::OUTCOME_SUPPRESSED;
}

// Moves the invitation on, as the message left at `now`. `is_first`: nothing of its number has left before.
struct Sent {
  Progress progress;
  bool is_first = false;
};

Sent NoteSent(const v1::OutboxMessage& message, absl::Time now, v1::Invitation& invitation) {
  Sent sent;
  if (message.reminder() == 0) {
    invitation.set_channel(message.channel());
    sent.progress = Show(invitation, now);
    sent.is_first = sent.progress.delivered;
  } else {
    sent.is_first = invitation.reminders_sent() < message.reminder();
    invitation.set_reminders_sent(std::max(invitation.reminders_sent(), message.reminder()));
  }
  return sent;
}

}  // namespace

SendQuestion SendingJob::Question() const {
  return {.invitation = &record, .channel = message().channel(), .reminder = message().reminder(), .due = claimed.due};
}

bool IsSentOn(v1::Invitation::Channel channel) {
  return channel == v1::Invitation::CHANNEL_EMAIL || channel == v1::Invitation::CHANNEL_WEBHOOK ||
         channel == v1::Invitation::CHANNEL_SMS;
}

absl::StatusOr<bool> Settlement::WriteMessage(const SendingJob& job) {
  bool ours = false;
  CANVASS_RETURN_IF_ERROR(outbox_.database().Write(job.scope(), [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(ours, outbox_.Write(tx, job.scope(), job.claimed));
    return absl::OkStatus();
  }));
  return ours;
}

absl::StatusOr<bool> Settlement::WriteSent(const SendingJob& job) {
  const absl::Time now = clock_.Now();
  metrics::CellBatch cells(&dimensions_);
  const absl::StatusOr<bool> ours = Write(job, [&](mysql::Transaction& tx, InvitationRecord& record) -> absl::Status {
    cells = metrics::CellBatch(&dimensions_);  // forgets what an earlier, undone run has put in
    const Sent sent = NoteSent(job.message(), now, record.invitation);
    CANVASS_RETURN_IF_ERROR(invitations_.UpdateSending(tx, job.scope(), record));
    if (sent.is_first && IsOpen(record.invitation)) {
      CANVASS_RETURN_IF_ERROR(InsertReminder(tx, job, record));
    }
    if (!sent.progress.delivered) return absl::OkStatus();
    if (const std::optional<DecisionKey> decision = DecisionOf(record.invitation)) {
      CANVASS_RETURN_IF_ERROR(decisions_.MarkSent(tx, {{.tenant = job.scope().tenant(), .key = *decision}}));
    }
    cells.AddStage(job.scope(), record.survey, job.version->definition(), record.invitation,
                   metrics::InvitationStage::kDelivered, now);
    return cells.Write(tx, StageSlot());
  });
  if (ours.ok() && *ours) cells.MarkCommitted();
  return ours;
}

absl::StatusOr<bool> Settlement::WriteMoved(const SendingJob& job, v1::Invitation::Channel channel) {
  return Write(job, [&](mysql::Transaction& tx, InvitationRecord& record) -> absl::Status {
    if (!IsOpen(record.invitation)) return absl::OkStatus();
    if (job.message().reminder() == 0) {
      record.invitation.set_channel(channel);
      CANVASS_RETURN_IF_ERROR(invitations_.UpdateSending(tx, job.scope(), record));
    }
    if (!IsSentOn(channel)) return absl::OkStatus();
    return InsertMessage(tx, job,
                         {.channel = channel,
                          .reminder = job.message().reminder(),
                          .attempt_time = clock_.Now(),
                          .due = job.claimed.due});
  });
}

absl::StatusOr<bool> Settlement::WriteGivenUp(const SendingJob& job, v1::Decision::Reason reason,
                                              absl::string_view explanation) {
  return Write(job, [&](mysql::Transaction& tx, InvitationRecord& record) -> absl::Status {
    // What was delivered stays so, whatever becomes of a reminder or a repetition.
    if (record.invitation.state() != v1::Invitation::STATE_SCHEDULED || job.message().reminder() > 0) {
      return absl::OkStatus();
    }
    record.invitation.set_state(v1::Invitation::STATE_CANCELLED);
    CANVASS_RETURN_IF_ERROR(invitations_.UpdateState(tx, job.scope(), record));
    const std::optional<DecisionKey> decision = DecisionOf(record.invitation);
    if (!decision.has_value()) return absl::OkStatus();
    return decisions_.MarkGivenUp(tx, job.scope(), *decision, OutcomeOf(reason), reason, explanation, clock_.Now());
  });
}

absl::StatusOr<bool> Settlement::Write(const SendingJob& job, Rest rest) {
  bool ours = false;
  // First the invitation, then the message: who answers locks them in the same order.
  const absl::Status status = outbox_.database().Write(job.scope(), [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(auto locked, invitations_.LockMany(tx, job.scope(), {job.claimed.invitation}));
    CANVASS_ASSIGN_OR_RETURN(ours, outbox_.Write(tx, job.scope(), job.claimed));
    if (!ours) return absl::CancelledError("another worker has the message");
    const auto record = locked.find(job.claimed.invitation);
    return record == locked.end() ? absl::OkStatus() : rest(tx, record->second);
  });
  if (absl::IsCancelled(status) && !ours) return false;
  CANVASS_RETURN_IF_ERROR(status);
  return true;
}

absl::Status Settlement::InsertMessage(mysql::Transaction& tx, const SendingJob& job, NewMessage message) {
  const absl::Time now = clock_.Now();
  message.id = Uuid::V7(now, random_);
  message.invitation = job.claimed.invitation;
  message.contact = job.record.contact;
  return outbox_.Insert(tx, job.scope(), {message}, now);
}

absl::Status Settlement::InsertReminder(mysql::Transaction& tx, const SendingJob& job, const InvitationRecord& record) {
  if (job.next.reminder_time >= FromProto(record.invitation.expire_time())) return absl::OkStatus();
  return InsertMessage(tx, job,
                       {.channel = job.message().channel(),
                        .reminder = job.message().reminder() + 1,
                        .attempt_time = job.next.reminder_time});
}

}  // namespace canvass::distribution
