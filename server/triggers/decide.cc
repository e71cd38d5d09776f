#include "server/triggers/decide.h"

#include <algorithm>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "server/base/proto_time.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/distribution/stage_slot.h"
#include "server/triggers/contact_clocks.h"
#include "server/triggers/verdict.h"

namespace canvass::triggers {
namespace {

using distribution::DecisionRecord;
using distribution::NewInvitation;
using google::protobuf::Struct;

// One event and one of its triggers, on the way to a decision.
struct Case {
  const NewEvent* event = nullptr;
  const ActiveTrigger* trigger = nullptr;
  const AskedSurvey* survey = nullptr;
  const Struct* facts = nullptr;
  absl::Time due;
  Verdict verdict = {};
  std::optional<Uuid> invitation = std::nullopt;
};

ContactId ContactOf(const Case& one) { return ContactId(one.event->event->subject()); }

// The events in the order in which they are decided.
std::vector<const NewEvent*> InOrder(absl::Span<const NewEvent> events) {
  std::vector<const NewEvent*> sorted;
  for (const NewEvent& event : events) sorted.push_back(&event);
  std::sort(sorted.begin(), sorted.end(), [](const NewEvent* a, const NewEvent* b) {
    const absl::Time a_time = FromProto(a->event->time());
    const absl::Time b_time = FromProto(b->event->time());
    return std::tie(a_time, a->key) < std::tie(b_time, b->key);
  });
  return sorted;
}

// The contacts whose attributes will be looked at.
std::vector<ContactId> ContactsOf(const DecisionPlan& plan, absl::Span<const NewEvent> events) {
  absl::flat_hash_set<ContactId> contacts;
  for (const NewEvent& event : events) {
    if (!plan.triggers->Of(event.event->type()).empty()) contacts.insert(ContactId(event.event->subject()));
  }
  return {contacts.begin(), contacts.end()};
}

// Judges every event and trigger by all but the caps. The facts of each event are put into `facts`, which cases point
// to.
std::vector<Case> JudgeAll(const DecisionPlan& plan, absl::Span<const NewEvent> events,
                           const absl::flat_hash_map<ContactId, v1::Contact>& contacts,
                           std::vector<std::unique_ptr<const Struct>>& facts) {
  static const AskedSurvey kUnknownSurvey;
  std::vector<Case> cases;
  for (const NewEvent* event : InOrder(events)) {
    const absl::Span<const ActiveTrigger> triggers = plan.triggers->Of(event->event->type());
    if (triggers.empty()) continue;
    const auto contact = contacts.find(ContactId(event->event->subject()));
    facts.push_back(
        std::make_unique<const Struct>(FactsOf(*event->event, contact == contacts.end() ? nullptr : &contact->second)));
    for (const ActiveTrigger& trigger : triggers) {
      const auto survey = plan.surveys.find(trigger.survey);
      const absl::Time due = FromProto(event->event->time()) + trigger.delay;
      Case one{.event = event, .trigger = &trigger, .facts = facts.back().get(), .due = due};
      one.survey = survey == plan.surveys.end() ? &kUnknownSurvey : &survey->second;
      one.verdict = JudgeEvent(trigger, one.survey->status, *one.facts, due);
      cases.push_back(std::move(one));
    }
  }
  return cases;
}

std::vector<ClockNeed> NeedsOf(absl::Span<const Case> cases) {
  std::vector<ClockNeed> needs;
  for (const Case& one : cases) {
    if (!one.verdict.Qualifies()) continue;
    needs.push_back({.contact = ContactOf(one), .due = one.due});
    for (const v1::FrequencyCap& cap : one.trigger->trigger.frequency_caps()) {
      needs.push_back({.contact = ContactOf(one),
                       .due = one.due,
                       .clock = ClockOf(cap.scope(), one.trigger->survey),
                       .interval = FromProto(cap.interval())});
    }
  }
  return needs;
}

// Suppresses what a cap forbids and moves the clocks for the rest.
void ApplyCaps(absl::Span<Case> cases, ContactClocks& clocks) {
  for (Case& one : cases) {
    if (!one.verdict.Qualifies()) continue;
    const ContactId contact = ContactOf(one);
    for (const v1::FrequencyCap& cap : one.trigger->trigger.frequency_caps()) {
      const std::string clock = ClockOf(cap.scope(), one.trigger->survey);
      const std::optional<absl::Time> other = clocks.WithinInterval(contact, clock, one.due, FromProto(cap.interval()));
      if (!other.has_value()) continue;
      one.verdict = Capped(*one.trigger, cap, one.due, *other, *clocks.Latest(contact, clock));
      break;
    }
    if (one.verdict.Qualifies()) clocks.Move(contact, one.trigger->survey, one.due);
  }
}

NewInvitation InvitationFor(const TenantId& tenant, const Case& one, absl::Time now) {
  NewInvitation invitation{.id = *one.invitation,
                           .survey = one.trigger->survey,
                           .survey_version = one.survey->status.published_version,
                           .contact = ContactOf(one),
                           .schedule_time = one.due};
  // What became due in the past, because its event came late or is imported, can be answered from now on.
  invitation.expire_time = std::max(one.due, now) + one.trigger->lifetime;
  v1::Invitation& content = invitation.content;
  content.set_trigger(ResourceName(tenant, {"triggers", one.trigger->id.value()}));
  content.set_event(ResourceName(tenant, {"events", one.event->key.ToString()}));
  content.set_channel(one.trigger->trigger.channels(0));
  *content.mutable_facts() = *one.facts;
  *content.mutable_create_time() = ToProto(now);
  return invitation;
}

DecisionRecord RecordOf(const Case& one, absl::Time now) {
  DecisionRecord record{.key = {.event = one.event->key, .trigger = one.trigger->id},
                        .contact = ContactOf(one),
                        .invitation = one.invitation};
  v1::Decision& decision = record.decision;
  decision.set_outcome(one.verdict.outcome);
  decision.set_reason(one.verdict.reason);
  decision.set_explanation(one.verdict.explanation);
  if (one.verdict.next_eligible_time.has_value()) {
    *decision.mutable_next_eligible_time() = ToProto(*one.verdict.next_eligible_time);
  }
  *decision.mutable_event_time() = one.event->event->time();
  *decision.mutable_decide_time() = ToProto(now);
  return record;
}

std::vector<DecisionRecord> RecordsOf(absl::Span<const Case> cases, absl::Time now) {
  std::vector<DecisionRecord> records;
  records.reserve(cases.size());
  for (const Case& one : cases) records.push_back(RecordOf(one, now));
  std::sort(records.begin(), records.end(), [](const DecisionRecord& a, const DecisionRecord& b) {
    return std::tie(a.key.event, a.key.trigger) < std::tie(b.key.event, b.key.trigger);
  });
  return records;
}

}  // namespace

absl::StatusOr<DecisionPlan> Decider::Plan(const TenantScope& scope, absl::Span<const absl::string_view> types) {
  DecisionPlan plan;
  CANVASS_ASSIGN_OR_RETURN(plan.triggers, triggers_.Get(scope));
  for (absl::string_view type : types) {
    for (const ActiveTrigger& trigger : plan.triggers->Of(type)) {
      if (plan.surveys.contains(trigger.survey)) continue;
      const absl::StatusOr<surveys::SurveyStatus> status = surveys_.Status(scope, trigger.survey);
      if (absl::IsNotFound(status.status())) continue;
      CANVASS_RETURN_IF_ERROR(status.status());
      AskedSurvey asked{.status = *status};
      if (status->state == v1::Survey::STATE_PUBLISHED) {
        CANVASS_ASSIGN_OR_RETURN(asked.version, surveys_.Version(scope, trigger.survey, status->published_version));
      }
      plan.surveys.emplace(trigger.survey, std::move(asked));
    }
  }
  return plan;
}

absl::StatusOr<Decided> Decider::Decide(mysql::Transaction& tx, const TenantScope& scope, const DecisionPlan& plan,
                                        absl::Span<const NewEvent> events) {
  Decided decided{.invitations = std::vector<int>(events.size(), 0), .cells = metrics::CellBatch(&dimensions_)};
  const std::vector<ContactId> contact_ids = ContactsOf(plan, events);
  if (contact_ids.empty()) return decided;
  CANVASS_ASSIGN_OR_RETURN(const auto contacts, contacts_.GetMany(tx, scope, contact_ids));
  std::vector<std::unique_ptr<const Struct>> facts;
  std::vector<Case> cases = JudgeAll(plan, events, contacts, facts);
  CANVASS_ASSIGN_OR_RETURN(ContactClocks clocks, ContactClocks::Reserve(tx, scope, NeedsOf(cases)));
  ApplyCaps(absl::MakeSpan(cases), clocks);

  const absl::Time now = clock_.Now();
  std::vector<NewInvitation> invitations;
  for (Case& one : cases) {
    if (!one.verdict.Qualifies()) continue;
    one.invitation = Uuid::V7(now, random_);
    invitations.push_back(InvitationFor(scope.tenant(), one, now));
    decided.cells.AddStage(scope, one.trigger->survey, one.survey->version->definition(), invitations.back().content,
                           metrics::InvitationStage::kScheduled, one.due);
    ++decided.invitations[static_cast<std::size_t>(one.event - events.data())];
  }
  std::sort(invitations.begin(), invitations.end(),
            [](const NewInvitation& a, const NewInvitation& b) { return a.id < b.id; });
  CANVASS_RETURN_IF_ERROR(decisions_.Insert(tx, scope, RecordsOf(cases, now)));
  CANVASS_RETURN_IF_ERROR(invitations_.Insert(tx, scope, invitations));
  CANVASS_RETURN_IF_ERROR(clocks.Write(tx, scope));
  // The cells last: they are what publishers share most, and their rows stay locked until the commit.
  CANVASS_RETURN_IF_ERROR(decided.cells.Write(tx, distribution::StageSlot()));
  return decided;
}

absl::StatusOr<absl::flat_hash_map<Uuid, int>> Decider::CountInvitations(mysql::Transaction& tx,
                                                                         const TenantScope& scope,
                                                                         absl::Span<const Uuid> events) {
  return decisions_.CountInvitations(tx, scope, events);
}

}  // namespace canvass::triggers
