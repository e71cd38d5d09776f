// Whether and when a customer whose event a trigger takes up is asked: channel, lateness, quiet hours, daily limits and
// frequency caps, in this order. The core of every decision, without the database: what was asked before is behind
// AskLimits, so that triggers can also be tried on events of the past.
//
//   Verdict verdict = PlanAsking(terms, asking);                          // may move asking.due
//   if (verdict.Asks()) verdict = HoldToLimits(terms, asking, limits, verdict);
//
// Pure but for the limits. Thread-safe.
#ifndef CANVASS_SERVER_TRIGGERS_RULES_ASKING_H_
#define CANVASS_SERVER_TRIGGERS_RULES_ASKING_H_

#include <google/protobuf/repeated_field.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "canvass/v1/contact.pb.h"
#include "canvass/v1/decision.pb.h"
#include "canvass/v1/suppression.pb.h"
#include "server/base/ids.h"
#include "server/settings/settings_catalog.h"
#include "server/triggers/rules/caps.h"
#include "server/triggers/rules/screen.h"
#include "server/triggers/trigger_catalog.h"

namespace canvass::triggers {

struct Verdict {
  v1::Decision::Outcome outcome = v1::Decision::OUTCOME_UNSPECIFIED;
  v1::Decision::Reason reason = v1::Decision::REASON_UNSPECIFIED;
  std::string explanation;
  std::optional<absl::Time> next_eligible_time;

  // Whether there is to be an invitation.
  bool Asks() const { return outcome == v1::Decision::OUTCOME_SCHEDULED || outcome == v1::Decision::OUTCOME_DEFERRED; }
};

// What was asked of customers before, and what is being asked. One clock counts for every name that ClocksOf gives.
class AskLimits {
 public:
  virtual ~AskLimits() = default;
  // The latest time at which `clock` let a survey through that is less than `interval` before or after `due`.
  virtual std::optional<absl::Time> WithinInterval(const ContactId& contact, absl::string_view clock, absl::Time due,
                                                   absl::Duration interval) const = 0;
  // The latest time at all.
  virtual std::optional<absl::Time> Latest(const ContactId& contact, absl::string_view clock) const = 0;
  // How many invitations are due on that day of the tenant's, of one trigger or, with an empty id, of all.
  virtual int64_t DueOn(const TriggerId& trigger, int64_t day) const = 0;
  // Notes that the contact is asked.
  virtual void Ask(const ContactId& contact, absl::Span<const std::string> clocks, absl::Time due,
                   const TriggerId& trigger, int64_t day) = 0;
};

// What holds for all of a batch.
struct Terms {
  const settings::TenantSettings* settings;
  absl::TimeZone time_zone;  // the tenant's
  absl::Time now;
};

// One customer who may be asked by one trigger. Nothing is owned; `contact` may be null.
struct Asking {
  const ActiveTrigger* trigger;
  const AskedSurvey* survey;
  const ContactId* contact_id;
  const v1::Contact* contact;
  absl::Span<const v1::Suppression> suppressions;
  // When the customer is asked; DueTime at first.
  absl::Time due;
  v1::Invitation::Channel channel = v1::Invitation::CHANNEL_UNSPECIFIED;
};

// What an invitation of `asking` counts as.
AskedAs AskedAsOf(const Asking& asking);

// Judges by channel, lateness and quiet hours, and fills in the channel. DEFERRED moves `asking.due`.
Verdict PlanAsking(const Terms& terms, Asking& asking);

// The part of PlanAsking that looks at time, for an asking whose channel was chosen: lateness and quiet hours. Of the
// contact it looks at the time zone alone.
Verdict PlanTime(const Terms& terms, Asking& asking);

// `verdict`, which asks, unless a daily limit or a frequency cap forbids it; else the limits note it.
Verdict HoldToLimits(const Terms& terms, const Asking& asking, AskLimits& limits, Verdict verdict);

// The first of `channels` on which the contact may be asked; CHANNEL_UNSPECIFIED if there is none. `refusal`, if given,
// is why.
v1::Invitation::Channel ChooseChannel(absl::Span<const int> channels, const settings::TenantSettings& settings,
                                      const v1::Contact& contact, absl::Span<const v1::Suppression> suppressions,
                                      Verdict* refusal);

// The channels that a message holds.
absl::Span<const int> ChannelsOf(const google::protobuf::RepeatedField<int>& channels);

// The quiet hours that hold for a trigger: its own, else the policy's; null if there are none.
const v1::QuietHours* QuietHoursOf(const v1::Trigger& trigger, const v1::ContactPolicy& policy);

}  // namespace canvass::triggers

#endif  // CANVASS_SERVER_TRIGGERS_RULES_ASKING_H_
