#include "server/triggers/rules/facts.h"

#include <algorithm>

namespace canvass::triggers {

using google::protobuf::Struct;

namespace {

void SetNumber(Struct& facts, const char* key, double value) { (*facts.mutable_fields())[key].set_number_value(value); }

void SetDaysSince(Struct& facts, const char* key, std::optional<absl::Time> last, absl::Time time) {
  if (last.has_value()) SetNumber(facts, key, static_cast<double>((time - *last) / absl::Hours(24)));
}

}  // namespace

Struct HistoryFacts(const std::vector<PastInvitation>& invitations, absl::Time time) {
  int asked = 0;
  int answered = 0;
  std::optional<absl::Time> last_asked;
  std::optional<absl::Time> last_answered;
  for (const PastInvitation& one : invitations) {
    if (one.schedule_time < time) {
      ++asked;
      last_asked = std::max(last_asked.value_or(one.schedule_time), one.schedule_time);
    }
    if (one.answer_time.has_value() && *one.answer_time < time) {
      ++answered;
      last_answered = std::max(last_answered.value_or(*one.answer_time), *one.answer_time);
    }
  }
  Struct history;
  SetNumber(history, "invitations", asked);
  SetNumber(history, "responses", answered);
  SetDaysSince(history, "days_since_invitation", last_asked, time);
  SetDaysSince(history, "days_since_response", last_answered, time);
  return history;
}

Struct CustomerFacts(const v1::Contact* contact, const Struct* history) {
  Struct facts;
  Struct& about_contact = *(*facts.mutable_fields())["contact"].mutable_struct_value();
  if (contact != nullptr) {
    about_contact = contact->attributes();
    if (!contact->language().empty()) {
      (*about_contact.mutable_fields())["language"].set_string_value(contact->language());
    }
  }
  if (history != nullptr) *(*facts.mutable_fields())["history"].mutable_struct_value() = *history;
  return facts;
}

Struct FactsOf(const v1::Event& event, const Struct& customer) {
  Struct facts = customer;
  Struct& about_event = *(*facts.mutable_fields())["event"].mutable_struct_value();
  about_event = event.data();
  (*about_event.mutable_fields())["type"].set_string_value(event.type());
  (*about_event.mutable_fields())["id"].set_string_value(event.id());
  return facts;
}

}  // namespace canvass::triggers
