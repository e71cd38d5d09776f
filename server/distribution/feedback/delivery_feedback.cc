#include "server/distribution/feedback/delivery_feedback.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/base/proto_time.h"
#include "server/base/status_macros.h"
#include "server/distribution/channels/mail_message.h"
#include "server/distribution/invitation.h"
#include "server/distribution/outbox/outbox_message.h"
#include "server/distribution/stage_slot.h"

namespace canvass::distribution {
namespace {

using v1::DeliveryReport;

// Whether the reporter means the address. Domains of other scripts left in their ASCII form.
bool Names(const Feedback& feedback, absl::string_view address) {
  return std::any_of(feedback.addresses.begin(), feedback.addresses.end(), [&](const std::string& named) {
    return absl::EqualsIgnoreCase(WithAsciiDomain(named), WithAsciiDomain(address));
  });
}

// Noted: it is to be.
Taken Judge(const v1::OutboxMessage& message, const Feedback& feedback) {
  if (message.channel() != feedback.channel) return Taken::kUnknown;
  return IsReported(message, feedback.report.verdict()) ? Taken::kKnown : Taken::kNoted;
}

}  // namespace

absl::StatusOr<Taken> DeliveryFeedback::Take(const TenantScope& scope, const Uuid& id, const Feedback& feedback) {
  const absl::StatusOr<v1::OutboxMessage> seen = parts_.outbox.Get(scope, id);
  if (absl::IsNotFound(seen.status())) return Taken::kUnknown;
  CANVASS_RETURN_IF_ERROR(seen.status());
  if (const Taken judged = Judge(*seen, feedback); judged != Taken::kNoted) return judged;
  Prospect prospect;
  if (feedback.report.verdict() == DeliveryReport::VERDICT_BOUNCED) {
    CANVASS_ASSIGN_OR_RETURN(prospect, LookAhead(scope, *seen));
  }
  CANVASS_ASSIGN_OR_RETURN(const Uuid invitation, ParseInvitationName(scope, "invitation", seen->invitation()));
  Taken taken = Taken::kUnknown;
  metrics::CellBatch cells(&parts_.dimensions);
  CANVASS_RETURN_IF_ERROR(parts_.outbox.database().Write(scope, [&](mysql::Transaction& tx) -> absl::Status {
    cells = metrics::CellBatch(&parts_.dimensions);  // forgets what an earlier, undone run has put in
    // First the invitation, then the message, as everybody locks them.
    CANVASS_ASSIGN_OR_RETURN(auto locked, parts_.invitations.LockMany(tx, scope, {invitation}));
    CANVASS_ASSIGN_OR_RETURN(std::optional<ClaimedMessage> stored, parts_.outbox.Lock(tx, scope, id));
    taken = stored.has_value() ? Judge(stored->message, feedback) : Taken::kUnknown;
    if (taken != Taken::kNoted) return absl::OkStatus();
    const auto record = locked.find(invitation);
    return Note(tx, {.scope = scope, .feedback = feedback, .prospect = prospect}, *stored,
                record == locked.end() ? nullptr : &record->second, cells);
  }));
  cells.MarkCommitted();
  return taken;
}

absl::Status DeliveryFeedback::Note(mysql::Transaction& tx, const Arrival& arrival, ClaimedMessage& stored,
                                    InvitationRecord* record, metrics::CellBatch& cells) {
  v1::OutboxMessage& message = stored.message;
  DeliveryReport& report = *message.add_reports();
  report = arrival.feedback.report;
  *report.mutable_time() = ToProto(parts_.clock.Now());
  const bool comes_back = BounceOf(message) == &report;
  // If not, the worker that holds it finds the report as it writes that the message left.
  const bool had_left = message.state() == v1::OutboxMessage::STATE_SENT;
  if (comes_back && had_left) message.set_state(v1::OutboxMessage::STATE_BOUNCED);
  CANVASS_RETURN_IF_ERROR(parts_.outbox.WriteReports(tx, arrival.scope, stored));
  if (!comes_back || record == nullptr) return absl::OkStatus();
  CANVASS_RETURN_IF_ERROR(Suppress(tx, arrival.scope, record->contact, arrival.feedback));
  if (!had_left) return absl::OkStatus();
  const v1::SurveyVersion* const version = arrival.prospect.version.get();
  CANVASS_RETURN_IF_ERROR(settlement_.TakeBack(tx,
                                               {.scope = arrival.scope,
                                                .claimed = stored,
                                                .survey = version == nullptr ? nullptr : &version->definition(),
                                                .fallback = arrival.prospect.fallback},
                                               *record, cells));
  return cells.Write(tx, StageSlot());
}

absl::StatusOr<DeliveryFeedback::Prospect> DeliveryFeedback::LookAhead(const TenantScope& scope,
                                                                       const v1::OutboxMessage& message) {
  Prospect prospect;
  CANVASS_ASSIGN_OR_RETURN(const Uuid id, ParseInvitationName(scope, "invitation", message.invitation()));
  const absl::StatusOr<InvitationRecord> record = parts_.invitations.Get(scope, id);
  if (absl::IsNotFound(record.status())) return prospect;
  CANVASS_RETURN_IF_ERROR(record.status());
  const absl::Time now = parts_.clock.Now();
  CANVASS_ASSIGN_OR_RETURN(
      const SendCheck::Next next,
      parts_.check.After(
          scope, {.invitation = &*record, .channel = message.channel(), .reminder = message.reminder(), .due = now},
          now));
  prospect.fallback = next.fallback;
  absl::StatusOr<std::shared_ptr<const v1::SurveyVersion>> version =
      parts_.surveys.Version(scope, record->survey, record->survey_version);
  if (absl::IsNotFound(version.status())) return prospect;
  CANVASS_ASSIGN_OR_RETURN(prospect.version, std::move(version));
  return prospect;
}

absl::Status DeliveryFeedback::Suppress(mysql::Transaction& tx, const TenantScope& scope, const ContactId& contact,
                                        const Feedback& feedback) {
  if (!feedback.suppress.has_value()) return absl::OkStatus();
  CANVASS_ASSIGN_OR_RETURN(const auto found, contacts_.GetMany(tx, scope, {contact}));
  const auto known = found.find(contact);
  if (known == found.end()) return absl::OkStatus();
  for (const v1::Address& address : known->second.addresses()) {
    if (address.channel() != feedback.channel || !Names(feedback, address.value())) continue;
    v1::Suppression suppression;
    suppression.set_address(address.value());
    suppression.set_reason(*feedback.suppress);
    suppression.set_note(absl::StrCat(feedback.report.code(), " ", feedback.report.detail()));
    CANVASS_RETURN_IF_ERROR(parts_.suppressions.Add(tx, scope, suppression, parts_.clock.Now()).status());
  }
  return absl::OkStatus();
}

}  // namespace canvass::distribution
