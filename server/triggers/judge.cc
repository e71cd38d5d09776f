#include "server/triggers/judge.h"

#include <utility>

#include "canvass/stored/v1/event_verdicts.pb.h"
#include "server/base/proto_time.h"

namespace canvass::triggers {
namespace {

using google::protobuf::Struct;

std::unique_ptr<const Customer> CustomerOf(const ContactId& subject,
                                           const absl::flat_hash_map<ContactId, v1::Contact>& contacts) {
  auto customer = std::make_unique<Customer>();
  const auto known = contacts.find(subject);
  if (known != contacts.end()) customer->contact = known->second;
  if (known == contacts.end()) customer->contact.set_external_id(subject.value());
  customer->id = ContactId(customer->contact.external_id());
  return customer;
}

// What is known of the event's customer at its time.
Struct CustomerFactsAt(const DecisionPlan& plan, const v1::Event& event, const Customer& customer,
                       const absl::flat_hash_map<ContactId, std::vector<PastInvitation>>& history) {
  if (!plan.triggers->LooksAtHistory(event.type())) return CustomerFacts(&customer.contact, nullptr);
  const auto past = history.find(customer.id);
  const Struct facts =
      HistoryFacts(past == history.end() ? std::vector<PastInvitation>() : past->second, FromProto(event.time()));
  return CustomerFacts(&customer.contact, &facts);
}

const AskedSurvey& SurveyIn(const DecisionPlan& plan, const SurveyId& id) {
  static const AskedSurvey* const kUnknown = new AskedSurvey;
  const auto found = plan.surveys.find(id);
  return found == plan.surveys.end() ? *kUnknown : found->second;
}

const v1::Segment* SegmentIn(const DecisionPlan& plan, const std::string& name) {
  if (name.empty()) return nullptr;
  const auto found = plan.segments->find(name);
  return found == plan.segments->end() ? nullptr : &found->second;
}

std::string Packed(const Refusal& refusal) {
  stored::v1::EventVerdicts verdicts;
  stored::v1::Refusal& one = *verdicts.add_refused();
  one.set_trigger(refusal.trigger->id.value());
  one.set_revision(refusal.trigger->revision);
  one.set_reason(refusal.reason);
  one.set_explanation(refusal.explanation);
  if (refusal.next_eligible_time.has_value()) {
    *one.mutable_next_eligible_time() = ToProto(*refusal.next_eligible_time);
  }
  return verdicts.SerializeAsString();
}

}  // namespace

Judged JudgeEvents(const DecisionPlan& plan, const TenantId& tenant, absl::Span<const NewEvent> events,
                   const absl::flat_hash_map<ContactId, v1::Contact>& contacts,
                   const absl::flat_hash_map<ContactId, std::vector<PastInvitation>>& history) {
  Judged judged;
  judged.events.reserve(events.size());
  for (const NewEvent& event : events) {
    const ContactId subject(event.event->subject());
    std::unique_ptr<const Customer>& customer = judged.customers[subject];
    if (customer == nullptr) customer = CustomerOf(subject, contacts);
    JudgedEvent& one = judged.events.emplace_back();
    one.event = event;
    one.customer = customer.get();
    const absl::Span<const ActiveTrigger> triggers = plan.triggers->Of(event.event->type());
    if (triggers.empty()) continue;
    one.refusals.reserve(triggers.size());
    one.customer_facts = std::make_unique<Struct>(CustomerFactsAt(plan, *event.event, *customer, history));
    auto facts = std::make_unique<const Struct>(FactsOf(*event.event, *one.customer_facts));
    const Subject judged_by{.tenant = &tenant, .contact = &customer->id, .event = event.event, .facts = facts.get()};
    for (const ActiveTrigger& trigger : triggers) {
      const AskedSurvey& survey = SurveyIn(plan, trigger.survey);
      const v1::Decision::Reason reason =
          Screen(trigger, survey, SegmentIn(plan, trigger.trigger.segment()), judged_by);
      if (reason == v1::Decision::REASON_QUALIFIED) {
        one.taken_up.push_back({.trigger = &trigger, .survey = &survey});
      } else {
        one.refusals.push_back({.trigger = &trigger, .reason = reason});
      }
    }
    if (!one.taken_up.empty()) one.facts = std::move(facts);
  }
  return judged;
}

// Serialized messages add up: their fields, put behind each other, are those of one.
std::string VerdictPacker::Pack(JudgedEvent& event) {
  if (event.customer_facts == nullptr) return "";
  stored::v1::EventVerdicts customer;
  customer.mutable_facts()->Swap(event.customer_facts.get());
  std::string packed = customer.SerializeAsString();
  for (const Refusal& refusal : event.refusals) {
    if (!refusal.explanation.empty()) {
      packed += Packed(refusal);
      continue;
    }
    std::string& same = by_facts_[{refusal.trigger, refusal.reason}];
    if (same.empty()) same = Packed(refusal);
    packed += same;
  }
  return packed;
}

}  // namespace canvass::triggers
