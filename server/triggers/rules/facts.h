// The facts by which triggers judge, `event`, `contact` and `history`, at the moment of the event.
//
//   Struct customer = CustomerFacts(&contact, nullptr);        // stored with the event
//   Struct facts = FactsOf(event, customer);                   // the same ones when they are read again
//
// Pure. Thread-safe.
#ifndef CANVASS_SERVER_TRIGGERS_RULES_FACTS_H_
#define CANVASS_SERVER_TRIGGERS_RULES_FACTS_H_

#include <google/protobuf/struct.pb.h>

#include <optional>
#include <vector>

#include "absl/time/time.h"
#include "canvass/v1/contact.pb.h"
#include "canvass/v1/event.pb.h"

namespace canvass::triggers {

// One invitation of a customer, as history counts it.
struct PastInvitation {
  absl::Time schedule_time;
  std::optional<absl::Time> answer_time;
};

// `history.*` before `time`: invitations, responses, days_since_invitation, days_since_response.
google::protobuf::Struct HistoryFacts(const std::vector<PastInvitation>& invitations, absl::Time time);

// `contact`: the contact's attributes with `language`; and `history`, if given. Both may be null.
google::protobuf::Struct CustomerFacts(const v1::Contact* contact, const google::protobuf::Struct* history);

// The customer's facts and `event`: its data with `type` and `id`.
google::protobuf::Struct FactsOf(const v1::Event& event, const google::protobuf::Struct& customer);

}  // namespace canvass::triggers

#endif  // CANVASS_SERVER_TRIGGERS_RULES_FACTS_H_
