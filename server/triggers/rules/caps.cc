#include "server/triggers/rules/caps.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "server/base/proto_time.h"
#include "server/contacts/reach.h"
#include "server/triggers/rules/wording.h"

namespace canvass::triggers {
namespace {

using v1::FrequencyCap;

// As clocks spell it.
absl::string_view ChannelKey(v1::Invitation::Channel channel) {
  switch (channel) {
    case v1::Invitation::CHANNEL_EMAIL:
      return "email";
    case v1::Invitation::CHANNEL_SMS:
      return "sms";
    case v1::Invitation::CHANNEL_WEBHOOK:
      return "webhook";
    case v1::Invitation::CHANNEL_LINK:
      return "link";
    default:
      return "in_app";
  }
}

template <typename Caps>
bool AnyByMetric(const Caps& caps) {
  return std::any_of(caps.begin(), caps.end(),
                     [](const FrequencyCap& cap) { return cap.scope() == FrequencyCap::SCOPE_METRIC; });
}

std::string Allowed(const HeldCap& cap, const AskedAs& asked) {
  switch (cap.scope) {
    case FrequencyCap::SCOPE_CONTACT:
      return "one survey of any kind";
    case FrequencyCap::SCOPE_METRIC:
      return absl::StrCat("one survey of metric ", asked.metric);
    case FrequencyCap::SCOPE_CHANNEL:
      return absl::StrCat("one invitation by ", contacts::ChannelText(asked.channel));
    default:
      return absl::StrCat("one invitation to survey '", asked.survey.value(), "'");
  }
}

}  // namespace

std::string ContactClock() { return "contact"; }

std::string ClockOf(FrequencyCap::Scope scope, const AskedAs& asked) {
  switch (scope) {
    case FrequencyCap::SCOPE_CONTACT:
      return ContactClock();
    case FrequencyCap::SCOPE_METRIC:
      return asked.metric.empty() ? "" : absl::StrCat("metric:", asked.metric);
    case FrequencyCap::SCOPE_CHANNEL:
      return absl::StrCat("channel:", ChannelKey(asked.channel));
    default:
      return absl::StrCat("survey:", asked.survey.value());
  }
}

std::vector<std::string> ClocksOf(const AskedAs& asked) {
  std::vector<std::string> clocks;
  for (const auto scope : {FrequencyCap::SCOPE_CHANNEL, FrequencyCap::SCOPE_CONTACT, FrequencyCap::SCOPE_METRIC,
                           FrequencyCap::SCOPE_SURVEY}) {
    std::string clock = ClockOf(scope, asked);
    if (!clock.empty()) clocks.push_back(std::move(clock));
  }
  return clocks;
}

std::string MetricOf(const v1::SurveyDefinition& definition) {
  for (const v1::Question& question : definition.questions()) {
    if (question.has_nps()) return "nps";
    if (question.has_csat()) return "csat";
    if (question.has_ces()) return "ces";
  }
  return "";
}

std::vector<HeldCap> CapsOf(const v1::Trigger& trigger, const v1::ContactPolicy& policy, const AskedAs& asked) {
  std::vector<HeldCap> caps;
  const auto add = [&](const FrequencyCap& cap, bool of_policy) {
    std::string clock = ClockOf(cap.scope(), asked);
    if (clock.empty()) return;
    caps.push_back({.clock = std::move(clock),
                    .interval = FromProto(cap.interval()),
                    .scope = cap.scope(),
                    .of_policy = of_policy});
  };
  for (const FrequencyCap& cap : trigger.frequency_caps()) add(cap, false);
  for (const FrequencyCap& cap : policy.frequency_caps()) add(cap, true);
  return caps;
}

bool CountsByMetric(const v1::Trigger& trigger) { return AnyByMetric(trigger.frequency_caps()); }
bool CountsByMetric(const v1::ContactPolicy& policy) { return AnyByMetric(policy.frequency_caps()); }

std::string CapText(const HeldCap& cap, const AskedAs& asked) {
  return absl::StrCat(cap.of_policy ? "The contact policy's frequency cap" : "The frequency cap", " allows a customer ",
                      Allowed(cap, asked), " within ", DurationText(cap.interval), ".");
}

}  // namespace canvass::triggers
