#include "server/distribution/outbox/settlement.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/proto_time.h"
#include "server/base/status_macros.h"
#include "server/distribution/invitation.h"
#include "server/distribution/outbox/outbox_message.h"
#include "server/distribution/stage_slot.h"

namespace canvass::distribution {
namespace {

using Stage = metrics::InvitationStage;

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

// Whether the message, and not the app or another message, made the invitation DELIVERED.
bool WasDeliveredBy(const v1::Invitation& invitation, const v1::OutboxMessage& message) {
  return invitation.state() == v1::Invitation::STATE_DELIVERED &&
         absl::ToUnixMicros(FromProto(invitation.deliver_time())) ==
             absl::ToUnixMicros(FromProto(message.finish_time()));
}

// An invitation that nobody has seen came back at once.
void CountBounced(const SendingJob& job, const InvitationRecord& record, absl::Time now, metrics::CellBatch& cells) {
  if (!job.bounced || job.message().reminder() > 0) return;
  if (record.invitation.state() != v1::Invitation::STATE_SCHEDULED) return;
  cells.AddStage(job.scope(), record.survey, job.version->definition(), record.invitation, Stage::kBounced, now);
}

std::string CameBackText(const v1::OutboxMessage& message) {
  const v1::DeliveryReport* bounce = BounceOf(message);
  if (bounce == nullptr) return "the message came back";
  return absl::StrCat("the message came back: ", bounce->code(), " ", bounce->detail());
}

}  // namespace

SendQuestion SendingJob::Question() const {
  return {.invitation = &record, .channel = message().channel(), .reminder = message().reminder(), .due = claimed.due};
}

bool IsSentOn(v1::Invitation::Channel channel) {
  return channel == v1::Invitation::CHANNEL_EMAIL || channel == v1::Invitation::CHANNEL_WEBHOOK ||
         channel == v1::Invitation::CHANNEL_SMS;
}

bool HasReports(v1::Invitation::Channel channel) {
  return channel == v1::Invitation::CHANNEL_EMAIL || channel == v1::Invitation::CHANNEL_SMS;
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
  // The same moment in the message and in the invitation: it tells who delivered that.
  const absl::Time now = FromProto(job.message().finish_time());
  return Write(job, [&](mysql::Transaction& tx, InvitationRecord& record, metrics::CellBatch& cells) -> absl::Status {
    const Sent sent = NoteSent(job.message(), now, record.invitation);
    CANVASS_RETURN_IF_ERROR(invitations_.UpdateSending(tx, job.scope(), record));
    if (sent.is_first && IsOpen(record.invitation)) {
      CANVASS_RETURN_IF_ERROR(InsertReminder(tx, job, record));
    }
    if (sent.progress.delivered) {
      if (const std::optional<DecisionKey> decision = DecisionOf(record.invitation)) {
        CANVASS_RETURN_IF_ERROR(decisions_.MarkSent(tx, {{.tenant = job.scope().tenant(), .key = *decision}}));
      }
      cells.AddStage(job.scope(), record.survey, job.version->definition(), record.invitation, Stage::kDelivered, now);
    }
    return TakeBackIfReported(tx, job, record, cells);
  });
}

absl::StatusOr<bool> Settlement::WriteMoved(const SendingJob& job, v1::Invitation::Channel channel) {
  return Write(job, [&](mysql::Transaction& tx, InvitationRecord& record, metrics::CellBatch& cells) -> absl::Status {
    if (!IsOpen(record.invitation)) return absl::OkStatus();
    CountBounced(job, record, clock_.Now(), cells);
    if (job.message().reminder() == 0) {
      record.invitation.set_channel(channel);
      CANVASS_RETURN_IF_ERROR(invitations_.UpdateSending(tx, job.scope(), record));
    }
    if (!IsSentOn(channel)) return absl::OkStatus();
    return InsertMessage(tx, job.scope(), record,
                         {.channel = channel,
                          .reminder = job.message().reminder(),
                          .attempt_time = clock_.Now(),
                          .due = job.claimed.due});
  });
}

absl::StatusOr<bool> Settlement::WriteGivenUp(const SendingJob& job, v1::Decision::Reason reason,
                                              absl::string_view explanation) {
  return Write(job, [&](mysql::Transaction& tx, InvitationRecord& record, metrics::CellBatch& cells) -> absl::Status {
    // What was delivered stays so, whatever becomes of a reminder or a repetition.
    if (record.invitation.state() != v1::Invitation::STATE_SCHEDULED || job.message().reminder() > 0) {
      return absl::OkStatus();
    }
    CountBounced(job, record, clock_.Now(), cells);
    record.invitation.set_state(v1::Invitation::STATE_CANCELLED);
    CANVASS_RETURN_IF_ERROR(invitations_.UpdateState(tx, job.scope(), record));
    const std::optional<DecisionKey> decision = DecisionOf(record.invitation);
    if (!decision.has_value()) return absl::OkStatus();
    return decisions_.MarkGivenUp(tx, job.scope(), *decision, OutcomeOf(reason), reason, explanation, clock_.Now());
  });
}

absl::Status Settlement::TakeBack(mysql::Transaction& tx, const ReturnedMessage& returned, InvitationRecord& record,
                                  metrics::CellBatch& cells) {
  const v1::OutboxMessage& message = returned.claimed.message;
  v1::Invitation& invitation = record.invitation;
  if (!IsOpen(invitation)) return absl::OkStatus();
  if (message.reminder() == 0) {
    if (!WasDeliveredBy(invitation, message)) return absl::OkStatus();
    if (returned.survey != nullptr) {
      const absl::Time day = FromProto(invitation.deliver_time());
      cells.AddStage(returned.scope, record.survey, *returned.survey, invitation, Stage::kDelivered, day, -1);
      cells.AddStage(returned.scope, record.survey, *returned.survey, invitation, Stage::kBounced, day);
    }
    CANVASS_RETURN_IF_ERROR(outbox_.CancelOf(tx, returned.scope, record.id, clock_.Now()));
    CANVASS_RETURN_IF_ERROR(Reopen(tx, returned, record));
  }
  if (!IsSentOn(returned.fallback)) return absl::OkStatus();
  return InsertMessage(tx, returned.scope, record,
                       {.channel = returned.fallback,
                        .reminder = message.reminder(),
                        .attempt_time = clock_.Now(),
                        .due = returned.claimed.due});
}

// The invitation waits on the fallback as if it had never been delivered; without a fallback it is given up.
absl::Status Settlement::Reopen(mysql::Transaction& tx, const ReturnedMessage& returned, InvitationRecord& record) {
  const bool given_up = returned.fallback == v1::Invitation::CHANNEL_UNSPECIFIED;
  record.invitation.clear_deliver_time();
  record.invitation.set_state(given_up ? v1::Invitation::STATE_CANCELLED : v1::Invitation::STATE_SCHEDULED);
  if (!given_up) record.invitation.set_channel(returned.fallback);
  CANVASS_RETURN_IF_ERROR(invitations_.UpdateSending(tx, returned.scope, record));
  const std::optional<DecisionKey> decision = DecisionOf(record.invitation);
  if (!decision.has_value()) return absl::OkStatus();
  CANVASS_RETURN_IF_ERROR(decisions_.MarkReturned(tx, returned.scope, *decision));
  if (!given_up) return absl::OkStatus();
  return decisions_.MarkGivenUp(tx, returned.scope, *decision, v1::Decision::OUTCOME_FAILED,
                                v1::Decision::REASON_SEND_FAILED, CameBackText(returned.claimed.message), clock_.Now());
}

absl::Status Settlement::TakeBackIfReported(mysql::Transaction& tx, const SendingJob& job, InvitationRecord& record,
                                            metrics::CellBatch& cells) {
  if (!HasReports(job.message().channel())) return absl::OkStatus();
  CANVASS_ASSIGN_OR_RETURN(std::optional<ClaimedMessage> stored, outbox_.Lock(tx, job.scope(), job.claimed.id));
  if (!stored.has_value() || BounceOf(stored->message) == nullptr) return absl::OkStatus();
  stored->message.set_state(v1::OutboxMessage::STATE_BOUNCED);
  CANVASS_RETURN_IF_ERROR(outbox_.WriteReports(tx, job.scope(), *stored));
  return TakeBack(
      tx,
      {.scope = job.scope(), .claimed = *stored, .survey = &job.version->definition(), .fallback = job.next.fallback},
      record, cells);
}

absl::StatusOr<bool> Settlement::Write(const SendingJob& job, Rest rest) {
  bool ours = false;
  metrics::CellBatch cells(&dimensions_);
  // First the invitation, then the message: who answers locks them in the same order.
  const absl::Status status = outbox_.database().Write(job.scope(), [&](mysql::Transaction& tx) -> absl::Status {
    cells = metrics::CellBatch(&dimensions_);  // forgets what an earlier, undone run has put in
    CANVASS_ASSIGN_OR_RETURN(auto locked, invitations_.LockMany(tx, job.scope(), {job.claimed.invitation}));
    CANVASS_ASSIGN_OR_RETURN(ours, outbox_.Write(tx, job.scope(), job.claimed));
    if (!ours) return absl::CancelledError("another worker has the message");
    const auto record = locked.find(job.claimed.invitation);
    if (record == locked.end()) return absl::OkStatus();
    CANVASS_RETURN_IF_ERROR(rest(tx, record->second, cells));
    return cells.Write(tx, StageSlot());
  });
  if (absl::IsCancelled(status) && !ours) return false;
  CANVASS_RETURN_IF_ERROR(status);
  cells.MarkCommitted();
  return true;
}

absl::Status Settlement::InsertMessage(mysql::Transaction& tx, const TenantScope& scope, const InvitationRecord& record,
                                       NewMessage message) {
  const absl::Time now = clock_.Now();
  message.id = Uuid::V7(now, random_);
  message.invitation = record.id;
  message.contact = record.contact;
  return outbox_.Insert(tx, scope, {message}, now);
}

absl::Status Settlement::InsertReminder(mysql::Transaction& tx, const SendingJob& job, const InvitationRecord& record) {
  if (job.next.reminder_time >= FromProto(record.invitation.expire_time())) return absl::OkStatus();
  return InsertMessage(tx, job.scope(), record,
                       {.channel = job.message().channel(),
                        .reminder = job.message().reminder() + 1,
                        .attempt_time = job.next.reminder_time});
}

}  // namespace canvass::distribution
