// Frequency caps: which clock each looks at, and what it says to people. Pure. Thread-safe.
#ifndef CANVASS_SERVER_TRIGGERS_RULES_CAPS_H_
#define CANVASS_SERVER_TRIGGERS_RULES_CAPS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "canvass/v1/invitation.pb.h"
#include "canvass/v1/settings.pb.h"
#include "canvass/v1/survey.pb.h"
#include "canvass/v1/trigger.pb.h"
#include "server/base/ids.h"

namespace canvass::triggers {

// What an invitation counts as: a customer's clocks that it moves.
struct AskedAs {
  SurveyId survey;
  // Of the survey; empty if it has none.
  std::string metric;
  v1::Invitation::Channel channel = v1::Invitation::CHANNEL_UNSPECIFIED;
};

// A customer's clocks, as the column `clock` has them: `contact`, `survey:<id>`, `metric:<nps|csat|ces>`,
// `channel:<email|…>`.
std::string ContactClock();
// The clock of `scope`; empty where a cap of it does not apply, because the survey has no metric.
std::string ClockOf(v1::FrequencyCap::Scope scope, const AskedAs& asked);
// All clocks that an invitation moves.
std::vector<std::string> ClocksOf(const AskedAs& asked);

// `nps`, `csat` or `ces`: the type of the survey's first such question; empty if it has none.
std::string MetricOf(const v1::SurveyDefinition& definition);

// One cap that holds for an invitation.
struct HeldCap {
  std::string clock;
  absl::Duration interval;
  v1::FrequencyCap::Scope scope;
  // Of the tenant's contact policy, not of the trigger.
  bool of_policy = false;
};

// The caps of the trigger, then those of the policy, that apply.
std::vector<HeldCap> CapsOf(const v1::Trigger& trigger, const v1::ContactPolicy& policy, const AskedAs& asked);

// Whether one of the caps counts by metric.
bool CountsByMetric(const v1::Trigger& trigger);
bool CountsByMetric(const v1::ContactPolicy& policy);

// "The frequency cap allows a customer one invitation to survey 'nps' within 30 days."
std::string CapText(const HeldCap& cap, const AskedAs& asked);

}  // namespace canvass::triggers

#endif  // CANVASS_SERVER_TRIGGERS_RULES_CAPS_H_
