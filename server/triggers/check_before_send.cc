#include "server/triggers/check_before_send.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/proto_time.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/contacts/reach.h"
#include "server/distribution/decision_store.h"
#include "server/triggers/decisions/stored_judgement.h"
#include "server/triggers/inviting/hand_invitation.h"
#include "server/triggers/rules/asking.h"
#include "server/triggers/rules/facts.h"
#include "server/triggers/rules/quiet_hours.h"
#include "server/triggers/rules/screen.h"
#include "server/triggers/rules/wording.h"

namespace canvass::triggers {
namespace {

using distribution::SendQuestion;
using distribution::SendVerdict;
using google::protobuf::Struct;
using v1::Decision;

SendVerdict Cancel(Decision::Reason reason, std::string explanation) {
  return {.action = SendVerdict::Action::kCancel,
          .reason = reason,
          .explanation = absl::StrCat("When it was due: ", explanation)};
}

// What the invitation itself says; none if it waits.
std::optional<SendVerdict> CheckInvitation(const SendQuestion& question, absl::Time now) {
  const v1::Invitation& invitation = question.invitation->invitation;
  if (invitation.state() != v1::Invitation::STATE_SCHEDULED && invitation.state() != v1::Invitation::STATE_DELIVERED) {
    return Cancel(Decision::REASON_QUALIFIED, "the invitation was answered, dismissed or given up already.");
  }
  if (now < FromProto(invitation.expire_time())) return std::nullopt;
  return Cancel(Decision::REASON_EXPIRED, absl::StrCat("the invitation could be answered until ",
                                                       TimeText(FromProto(invitation.expire_time())), "."));
}

// The last moment at which the message may leave.
absl::Time LastTime(const SendQuestion& question, const ActiveTrigger& trigger) {
  return std::min(question.due + trigger.max_lateness, FromProto(question.invitation->invitation.expire_time()));
}

std::optional<SendVerdict> CheckTime(const TenantScope& scope, const SendQuestion& question,
                                     const ActiveTrigger& trigger, const v1::ContactPolicy& policy,
                                     const v1::Contact& contact, absl::Time now) {
  const absl::Time last = LastTime(question, trigger);
  if (now > last) {
    return Cancel(Decision::REASON_EXPIRED, absl::StrCat("it was due ", TimeText(question.due),
                                                         " and could not leave until ", TimeText(last), "."));
  }
  const v1::QuietHours* quiet = QuietHoursOf(trigger.trigger, policy);
  if (quiet == nullptr) return std::nullopt;
  const absl::TimeZone zone = ZoneOr(contact.time_zone(), scope.time_zone());
  const std::optional<absl::Time> end = QuietUntil(*quiet, now, zone);
  if (!end.has_value()) return std::nullopt;
  const std::string text =
      absl::StrCat("it was ", TimeText(now, zone), ", in quiet hours (", QuietHoursText(*quiet), ")");
  if (quiet->action() == v1::QuietHours::ACTION_SKIP) {
    return Cancel(Decision::REASON_QUIET_HOURS, absl::StrCat(text, ", in which nothing is sent."));
  }
  if (*end > last) {
    return Cancel(Decision::REASON_EXPIRED,
                  absl::StrCat(text, ", which end later than it may leave: ", TimeText(last, zone), "."));
  }
  return SendVerdict{.action = SendVerdict::Action::kDefer, .until = *end};
}

// The message's own channel and those of the trigger behind it.
std::vector<int> ChannelsFrom(const v1::Trigger& trigger, v1::Invitation::Channel channel) {
  std::vector<int> channels = {channel};
  const auto own = std::find(trigger.channels().begin(), trigger.channels().end(), static_cast<int>(channel));
  if (own != trigger.channels().end()) channels.insert(channels.end(), own + 1, trigger.channels().end());
  return channels;
}

// The event's facts as they were, and the customer's as they are. History stays what it was before the event.
Struct FactsNow(const v1::Invitation& invitation, const v1::Contact& contact, const Struct* history) {
  Struct facts = CustomerFacts(&contact, history);
  const auto event = invitation.facts().fields().find("event");
  if (event != invitation.facts().fields().end()) (*facts.mutable_fields())["event"] = event->second;
  return facts;
}

}  // namespace

absl::StatusOr<std::shared_ptr<const ActiveTrigger>> CheckBeforeSend::TriggerOf(
    const TenantScope& scope, const distribution::InvitationRecord& record) {
  const std::string& name = record.invitation.trigger();
  if (name.empty()) return std::make_shared<const ActiveTrigger>(StandIn(record.survey));
  CANVASS_ASSIGN_OR_RETURN(const auto triggers, rooms_.sources.triggers.Get(scope));
  // Of the catalog's snapshot, which it keeps alive.
  return std::shared_ptr<const ActiveTrigger>(triggers, triggers->Find(TriggerId(std::string(LastSegment(name)))));
}

absl::StatusOr<CheckBeforeSend::Reached> CheckBeforeSend::ReadCustomer(const TenantScope& scope, const ContactId& id) {
  Reached reached;
  CANVASS_RETURN_IF_ERROR(rooms_.sources.database.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(auto found, rooms_.contacts.GetMany(tx, scope, {id}));
    reached = Reached();
    reached.contact.set_external_id(id.value());
    if (const auto known = found.find(id); known != found.end()) reached.contact = std::move(known->second);
    CANVASS_ASSIGN_OR_RETURN(auto suppressions, rooms_.suppressions.FindMany(tx, scope, {&reached.contact}));
    reached.suppressions = std::move(suppressions[0]);
    return absl::OkStatus();
  }));
  return reached;
}

absl::StatusOr<std::optional<SendVerdict>> CheckBeforeSend::ScreenAgain(const TenantScope& scope,
                                                                        const SendQuestion& question,
                                                                        const ActiveTrigger& trigger,
                                                                        const v1::Contact& contact) {
  const v1::Invitation& invitation = question.invitation->invitation;
  const Struct* history = nullptr;
  std::optional<StoredJudgement> judgement;
  const std::optional<distribution::DecisionKey> key = distribution::DecisionOf(invitation);
  if (LooksAtHistory(trigger) && key.has_value()) {
    CANVASS_ASSIGN_OR_RETURN(judgement, FindJudgement(rooms_.sources.database, scope, key->event));
    if (judgement.has_value()) {
      const auto& known = judgement->verdicts.facts().fields();
      if (known.contains("history")) history = &known.at("history").struct_value();
    }
  }
  CANVASS_ASSIGN_OR_RETURN(const AskedSurvey survey, LookUpSurvey(rooms_.sources, scope, question.invitation->survey));
  CANVASS_ASSIGN_OR_RETURN(const auto segments, rooms_.sources.segments.Get(scope));
  const auto segment = segments->find(trigger.trigger.segment());
  const Struct facts = FactsNow(invitation, contact, history);
  const ContactId contact_id(contact.external_id());
  // Screen looks at the survey when the customer would be asked: now.
  v1::Event event;
  *event.mutable_time() = ToProto(clock_.Now() - trigger.delay);
  const Subject subject{.tenant = &scope.tenant(), .contact = &contact_id, .event = &event, .facts = &facts};
  const Decision::Reason reason =
      Screen(trigger, survey, segment == segments->end() ? nullptr : &segment->second, subject);
  if (reason == Decision::REASON_QUALIFIED) return std::nullopt;
  return Cancel(reason, SkipText(trigger, reason, subject));
}

absl::StatusOr<SendVerdict> CheckBeforeSend::Check(const TenantScope& scope, const SendQuestion& question) {
  const absl::Time now = clock_.Now();
  if (std::optional<SendVerdict> over = CheckInvitation(question, now); over.has_value()) return *std::move(over);
  CANVASS_ASSIGN_OR_RETURN(const tenants::TenantEntry tenant, rooms_.tenants.Find(scope.tenant()));
  if (!tenant.is_active) return Cancel(Decision::REASON_TENANT_SUSPENDED, "the tenant was suspended.");
  CANVASS_ASSIGN_OR_RETURN(const auto trigger, TriggerOf(scope, *question.invitation));
  if (trigger == nullptr) return Cancel(Decision::REASON_TRIGGER_PAUSED, "the trigger had been deleted.");
  CANVASS_ASSIGN_OR_RETURN(Reached customer, ReadCustomer(scope, question.invitation->contact));
  CANVASS_ASSIGN_OR_RETURN(std::optional<SendVerdict> refused,
                           ScreenAgain(scope, question, *trigger, customer.contact));
  if (refused.has_value()) return *std::move(refused);
  CANVASS_ASSIGN_OR_RETURN(const auto settings, rooms_.sources.settings.Get(scope));
  Verdict refusal;
  const v1::Invitation::Channel channel = ChooseChannel(ChannelsFrom(trigger->trigger, question.channel), *settings,
                                                        customer.contact, customer.suppressions, &refusal);
  if (channel == v1::Invitation::CHANNEL_UNSPECIFIED) return Cancel(refusal.reason, refusal.explanation);
  refused = CheckTime(scope, question, *trigger, settings->policy, customer.contact, now);
  if (refused.has_value()) return *std::move(refused);
  SendVerdict verdict{.channel = channel};
  verdict.address = contacts::ReachOn(channel, customer.contact, customer.suppressions,
                                      ChannelsOf(settings->policy.consent_required()))
                        .address;
  verdict.contact = std::move(customer.contact);
  return verdict;
}

absl::StatusOr<distribution::SendCheck::Next> CheckBeforeSend::After(const TenantScope& scope,
                                                                     const SendQuestion& question, absl::Time sent) {
  Next next;
  CANVASS_ASSIGN_OR_RETURN(const auto trigger, TriggerOf(scope, *question.invitation));
  if (trigger == nullptr) return next;
  if (question.reminder < trigger->trigger.reminders_size()) {
    const absl::Time time = sent + FromProto(trigger->trigger.reminders(question.reminder).delay());
    if (time < FromProto(question.invitation->invitation.expire_time())) next.reminder_time = time;
  }
  const std::vector<int> channels = ChannelsFrom(trigger->trigger, question.channel);
  if (channels.size() == 1) return next;
  CANVASS_ASSIGN_OR_RETURN(const Reached customer, ReadCustomer(scope, question.invitation->contact));
  CANVASS_ASSIGN_OR_RETURN(const auto settings, rooms_.sources.settings.Get(scope));
  next.fallback = ChooseChannel(absl::MakeConstSpan(channels).subspan(1), *settings, customer.contact,
                                customer.suppressions, nullptr);
  return next;
}

}  // namespace canvass::triggers
