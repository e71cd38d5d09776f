// Whether and where a customer can be asked on a channel: address, consent, suppression. The one place that knows;
// asked when a trigger decides and again before every message leaves.
//
//   CANVASS_ASSIGN_OR_RETURN(const auto suppressed, suppressions.FindMany(tx, scope, {&contact}));
//   const Reach reach = ReachOn(v1::Invitation::CHANNEL_EMAIL, contact, suppressed[0], policy.consent_required());
//   if (reach.usable) … send to reach.address … else … reach.reason, reach.explanation …
//
// Pure. Thread-safe.
#ifndef CANVASS_SERVER_CONTACTS_REACH_H_
#define CANVASS_SERVER_CONTACTS_REACH_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "canvass/v1/contact.pb.h"
#include "canvass/v1/decision.pb.h"
#include "canvass/v1/suppression.pb.h"

namespace canvass::contacts {

struct Reach {
  bool usable = false;
  // Of channels that have addresses. A secret of the person: never logged.
  std::string address;
  // Why not: OPTED_OUT or NO_ADDRESS.
  v1::Decision::Reason reason = v1::Decision::REASON_UNSPECIFIED;
  // For people, without the address.
  std::string explanation;
};

// "text message": a channel, for people. English.
absl::string_view ChannelText(int channel);

// `suppressions` are those that SuppressionStore found for `contact`. `consent_required` are channels, as
// ContactPolicy.consent_required has them. In-app, webhook and link need no address.
Reach ReachOn(v1::Invitation::Channel channel, const v1::Contact& contact,
              absl::Span<const v1::Suppression> suppressions, absl::Span<const int> consent_required);

}  // namespace canvass::contacts

#endif  // CANVASS_SERVER_CONTACTS_REACH_H_
