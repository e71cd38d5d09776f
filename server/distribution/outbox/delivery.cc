#include "server/distribution/outbox/delivery.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/log.h"
#include "server/base/proto_time.h"
#include "server/base/status_macros.h"
#include "server/base/text/characters.h"
#include "server/distribution/outbox/outbox_message.h"

namespace canvass::distribution {
namespace {

using Outcome = SendResult::Outcome;
using Action = SendVerdict::Action;

// How long a message waits whose check or data could not be read.
constexpr absl::Duration kPauseAfterError = absl::Seconds(10);
constexpr std::size_t kMaxDetail = 300;

// Whether the invitation reached the customer in some other way. A webhook may be called again all the same: replayed.
bool IsSuperfluous(const SendingJob& job) {
  return job.message().reminder() == 0 && job.message().channel() != v1::Invitation::CHANNEL_WEBHOOK &&
         job.record.invitation.state() == v1::Invitation::STATE_DELIVERED;
}

v1::DeliveryAttempt AttemptOf(const SendResult& result, absl::Time begin, absl::Time end) {
  v1::DeliveryAttempt attempt;
  *attempt.mutable_time() = ToProto(begin);
  attempt.set_duration_millis(static_cast<int>(absl::ToInt64Milliseconds(end - begin)));
  attempt.set_code(result.code);
  attempt.set_detail(std::string(Shorten(result.detail, kMaxDetail)));
  return attempt;
}

}  // namespace

Delivery::End Delivery::Deliver(const tenants::TenantEntry& tenant, ClaimedMessage message) {
  SendingJob job{.tenant = tenant, .claimed = std::move(message)};
  const absl::StatusOr<End> end = TryDeliver(job);
  if (end.ok()) return *end;
  Log(LogLevel::kWarning, "a message could not be sent for now",
      {{"tenant", job.scope().tenant().value()},
       {"message", job.claimed.id.ToString()},
       {"error", std::string(end.status().message())}});
  return End::kLost;
}

absl::StatusOr<Delivery::End> Delivery::TryDeliver(SendingJob& job) {
  const auto settled = [](bool ours) { return ours ? End::kSettled : End::kLost; };
  absl::StatusOr<InvitationRecord> record = parts_.invitations.Get(job.scope(), job.claimed.invitation);
  if (absl::IsNotFound(record.status())) {
    Finish(job, v1::OutboxMessage::STATE_CANCELLED);
    CANVASS_ASSIGN_OR_RETURN(const bool ours, settlement_.WriteMessage(job));
    return settled(ours);
  }
  CANVASS_RETURN_IF_ERROR(record.status());
  job.record = *std::move(record);
  if (IsSuperfluous(job)) {
    Finish(job, v1::OutboxMessage::STATE_CANCELLED);
    CANVASS_ASSIGN_OR_RETURN(const bool ours, settlement_.WriteMessage(job));
    return settled(ours);
  }
  if (const absl::Status asked = AskCheck(job); !asked.ok()) {
    *job.message().mutable_attempt_time() = ToProto(parts_.clock.Now() + kPauseAfterError);
    CANVASS_RETURN_IF_ERROR(settlement_.WriteMessage(job).status());
    return asked;
  }
  if (job.verdict.action != Action::kSend || job.verdict.channel != job.message().channel()) {
    CANVASS_ASSIGN_OR_RETURN(const bool ours, FollowVerdict(job));
    return settled(ours);
  }
  CANVASS_ASSIGN_OR_RETURN(const SendResult result, Attempt(job));
  CANVASS_ASSIGN_OR_RETURN(const bool ours, Settle(job, result));
  const bool unreached = result.outcome == Outcome::kRetry && result.code == 0;
  return unreached ? End::kUnreached : settled(ours);
}

// All that is asked, is asked before anything is sent: no error may come between sending and writing it down.
absl::Status Delivery::AskCheck(SendingJob& job) {
  CANVASS_ASSIGN_OR_RETURN(job.verdict, parts_.check.Check(job.scope(), job.Question()));
  if (job.verdict.action != Action::kSend) return absl::OkStatus();
  CANVASS_ASSIGN_OR_RETURN(job.next, parts_.check.After(job.scope(), job.Question(), parts_.clock.Now()));
  return absl::OkStatus();
}

// What the check says but "send it as it is".
absl::StatusOr<bool> Delivery::FollowVerdict(SendingJob& job) {
  if (job.verdict.action == Action::kDefer) {
    *job.message().mutable_attempt_time() = ToProto(job.verdict.until);
    return settlement_.WriteMessage(job);
  }
  if (job.verdict.action == Action::kSend && IsSentOn(job.verdict.channel)) {
    // The other channel has limits of its own: the message waits for a worker of that one.
    job.message().set_channel(job.verdict.channel);
    return settlement_.WriteMessage(job);
  }
  Finish(job, v1::OutboxMessage::STATE_CANCELLED);
  if (job.verdict.action == Action::kSend) return settlement_.WriteMoved(job, job.verdict.channel);
  return settlement_.WriteGivenUp(job, job.verdict.reason, job.verdict.explanation);
}

absl::StatusOr<SendResult> Delivery::Attempt(SendingJob& job) {
  // It left, and the process that sent it died before it could write so.
  if (BounceOf(job.message()) != nullptr) return Refused("it was reported to have come back");
  Channel* const channel = parts_.channels.Of(job.message().channel());
  if (channel == nullptr) return Refused("nothing is sent on this channel");
  absl::StatusOr<std::shared_ptr<const v1::SurveyVersion>> version =
      parts_.surveys.Version(job.scope(), job.record.survey, job.record.survey_version);
  if (absl::IsNotFound(version.status())) return Refused("the survey does not exist any more");
  CANVASS_RETURN_IF_ERROR(version.status());
  job.version = *std::move(version);
  CANVASS_ASSIGN_OR_RETURN(const std::shared_ptr<const settings::TenantSettings> settings,
                           parts_.settings.Get(job.scope()));
  const absl::Time begin = parts_.clock.Now();
  const SendResult result = channel->Send({.scope = job.scope(),
                                           .tenant_name = job.tenant.display_name,
                                           .id = job.claimed.id,
                                           .reminder = job.message().reminder(),
                                           .invitation = job.record,
                                           .survey = job.version->definition(),
                                           .settings = settings->channels,
                                           .contact = job.verdict.contact,
                                           .address = job.verdict.address,
                                           .now = begin});
  if (result.outcome != Outcome::kInterrupted) {
    AddAttempt(AttemptOf(result, begin, parts_.clock.Now()), job.message());
    *job.message().mutable_attempt_time() = ToProto(begin);
  }
  return result;
}

absl::StatusOr<bool> Delivery::Settle(SendingJob& job, const SendResult& result) {
  switch (result.outcome) {
    case Outcome::kInterrupted:
      return settlement_.WriteMessage(job);
    case Outcome::kSent:
      Finish(job, v1::OutboxMessage::STATE_SENT);
      return settlement_.WriteSent(job);
    case Outcome::kRetry: {
      const std::optional<absl::Duration> delay =
          NextRetry(job.message().attempt_count(), result.retry_after, parts_.random);
      if (!delay.has_value()) return GiveUp(job, result);
      *job.message().mutable_attempt_time() = ToProto(parts_.clock.Now() + *delay);
      return settlement_.WriteMessage(job);
    }
    case Outcome::kRefused:
      return GiveUp(job, result);
  }
  return absl::InternalError("no such outcome");
}

absl::StatusOr<bool> Delivery::GiveUp(SendingJob& job, const SendResult& result) {
  job.bounced = result.bounced;
  if (result.bounced) CANVASS_RETURN_IF_ERROR(SuppressAddress(job, result));
  Finish(job, v1::OutboxMessage::STATE_DEAD);
  if (job.next.fallback != v1::Invitation::CHANNEL_UNSPECIFIED) return settlement_.WriteMoved(job, job.next.fallback);
  const std::string explanation =
      absl::StrCat("the last attempt, number ", job.message().attempt_count(), ", failed: ", result.detail);
  return settlement_.WriteGivenUp(job, v1::Decision::REASON_SEND_FAILED, explanation);
}

absl::Status Delivery::SuppressAddress(const SendingJob& job, const SendResult& result) {
  v1::Suppression suppression;
  suppression.set_address(job.verdict.address);
  suppression.set_reason(v1::Suppression::REASON_BOUNCED);
  suppression.set_note(result.detail);
  return parts_.suppressions.Add(job.scope(), suppression, parts_.clock.Now()).status();
}

void Delivery::Finish(SendingJob& job, v1::OutboxMessage::State state) {
  job.message().set_state(state);
  *job.message().mutable_finish_time() = ToProto(parts_.clock.Now());
}

}  // namespace canvass::distribution
