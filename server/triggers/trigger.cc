#include "server/triggers/trigger.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/base/text/characters.h"
#include "server/conditions/condition.h"

namespace canvass::triggers {
namespace {

constexpr std::size_t kMaxEventType = 128;
constexpr absl::Duration kMaxDelay = absl::Hours(24 * 90);
constexpr absl::Duration kMinLifetime = absl::Minutes(1);
constexpr absl::Duration kMaxLifetime = absl::Hours(24 * 365);
constexpr absl::Duration kDefaultLifetime = absl::Hours(24 * 30);
constexpr absl::Duration kMinInterval = absl::Minutes(1);
constexpr int kMaxCaps = 8;
constexpr absl::Duration kMaxInterval = absl::Hours(24 * 3650);

bool IsEventType(absl::string_view type) {
  return !type.empty() && type.size() <= kMaxEventType && std::all_of(type.begin(), type.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
           absl::string_view("._-:/").find(c) != absl::string_view::npos;
  });
}

// Checks a duration and cuts it to microseconds, in which due times are kept.
void CheckDuration(absl::string_view field, absl::Duration low, absl::Duration high, absl::string_view limits,
                   google::protobuf::Duration& duration, Violations& violations) {
  const absl::Duration value = FromProto(duration);
  if (!IsValid(duration) || value < low || value > high) {
    violations.Add(field, absl::StrCat(IsValid(duration) ? absl::FormatDuration(value) : "a value that is no duration",
                                       " is not within ", limits));
    return;
  }
  duration = ToProto(value);
}

void NormalizeCap(absl::string_view field, v1::FrequencyCap& cap, Violations& violations) {
  const std::string interval = absl::StrCat(field, ".interval");
  if (!cap.has_interval()) violations.Add(interval, "is required");
  if (cap.has_interval()) {
    CheckDuration(interval, kMinInterval, kMaxInterval, "1 minute to 3,650 days", *cap.mutable_interval(), violations);
  }
  if (cap.scope() == v1::FrequencyCap::SCOPE_UNSPECIFIED) cap.set_scope(v1::FrequencyCap::SCOPE_SURVEY);
  if (!v1::FrequencyCap::Scope_IsValid(cap.scope())) {
    violations.Add(absl::StrCat(field, ".scope"), absl::StrCat(static_cast<int>(cap.scope()), " is not a known scope"));
  }
}

void NormalizeCaps(v1::Trigger& content, Violations& violations) {
  if (content.frequency_caps_size() > kMaxCaps) {
    violations.Add("trigger.frequency_caps",
                   absl::StrCat("has ", content.frequency_caps_size(), " caps; at most ", kMaxCaps, " are allowed"));
  }
  for (int i = 0; i < std::min(content.frequency_caps_size(), kMaxCaps); ++i) {
    NormalizeCap(absl::StrCat("trigger.frequency_caps[", i, "]"), *content.mutable_frequency_caps(i), violations);
  }
}

void NormalizeChannels(v1::Trigger& content, Violations& violations) {
  if (content.channels().empty()) content.add_channels(v1::Invitation::CHANNEL_IN_APP);
  for (int i = 0; i < content.channels_size(); ++i) {
    if (content.channels(i) == v1::Invitation::CHANNEL_UNSPECIFIED) {
      content.set_channels(i, v1::Invitation::CHANNEL_IN_APP);
    }
    if (content.channels(i) != v1::Invitation::CHANNEL_IN_APP) {
      violations.Add(absl::StrCat("trigger.channels[", i, "]"), "is not served by this server yet; use CHANNEL_IN_APP");
    }
  }
}

// Everything but condition and survey.
void NormalizeFields(v1::Trigger& content, Violations& violations) {
  CheckDisplayName("trigger.display_name", content.display_name(), violations);
  if (!IsEventType(content.event_type())) {
    violations.Add("trigger.event_type",
                   absl::StrCat("'", absl::Utf8SafeCHexEscape(content.event_type().substr(0, kMaxEventType)),
                                "' is not a type of events: 1 to 128 of a-z, A-Z, 0-9, '.', '_', '-', ':' and '/'"));
  }
  if (content.survey().empty()) violations.Add("trigger.survey", "is required");
  CheckDuration("trigger.delay", absl::ZeroDuration(), kMaxDelay, "0 to 90 days", *content.mutable_delay(), violations);
  NormalizeCaps(content, violations);
  NormalizeChannels(content, violations);
  if (!content.has_invitation_lifetime()) *content.mutable_invitation_lifetime() = ToProto(kDefaultLifetime);
  CheckDuration("trigger.invitation_lifetime", kMinLifetime, kMaxLifetime, "1 minute to 365 days",
                *content.mutable_invitation_lifetime(), violations);
}

// Replaces the condition by its structure. A condition that says nothing is left out.
absl::Status NormalizeOwnCondition(v1::Trigger& content) {
  if (!content.has_condition()) return absl::OkStatus();
  CANVASS_RETURN_IF_ERROR(
      conditions::NormalizeCondition("trigger.condition", {"event", "contact"}, *content.mutable_condition()));
  if (content.condition().kind_case() == v1::Condition::KIND_NOT_SET) content.clear_condition();
  return absl::OkStatus();
}

v1::Trigger WithoutOutputFields(const v1::Trigger& trigger) {
  v1::Trigger content = trigger;
  content.clear_name();
  content.clear_state();
  content.clear_create_time();
  content.clear_update_time();
  content.clear_etag();
  content.DiscardUnknownFields();
  return content;
}

}  // namespace

absl::StatusOr<v1::Trigger> NormalizeTrigger(const TenantScope& scope, const v1::Trigger& trigger) {
  v1::Trigger content = WithoutOutputFields(trigger);
  Violations violations;
  NormalizeFields(content, violations);
  const absl::Status condition = NormalizeOwnCondition(content);
  if (violations.empty()) {
    CANVASS_RETURN_IF_ERROR(condition);
  } else {
    for (const FieldViolation& violation : ViolationsOf(condition))
      violations.Add(violation.field, violation.description);
    return violations.ToStatus(v1::ERROR_REASON_INVALID_TRIGGER);
  }
  CANVASS_ASSIGN_OR_RETURN(const std::string survey, ParseChild(scope, "surveys", "trigger.survey", content.survey()));
  if (!CheckChosenId("trigger.survey", survey).ok()) {
    return Error(
        absl::StatusCode::kNotFound, v1::ERROR_REASON_SURVEY_NOT_FOUND,
        absl::StrCat("trigger.survey: '", EncodeSegment(survey), "' does not exist; list them with ListSurveys"));
  }
  content.set_survey(ResourceName(scope.tenant(), {"surveys", survey}));
  return content;
}

SurveyId SurveyOf(const v1::Trigger& trigger) {
  // Ids of surveys hold nothing that would be encoded.
  return SurveyId(trigger.survey().substr(trigger.survey().rfind('/') + 1));
}

absl::StatusOr<TriggerId> ParseTriggerName(const TenantScope& scope, absl::string_view field, absl::string_view name) {
  CANVASS_ASSIGN_OR_RETURN(std::string id, ParseChild(scope, "triggers", field, name));
  if (!CheckChosenId(field, id).ok()) return TriggerNotFound(TriggerId(EncodeSegment(id)));
  return TriggerId(std::move(id));
}

absl::Status TriggerNotFound(const TriggerId& id) {
  return Error(absl::StatusCode::kNotFound, v1::ERROR_REASON_TRIGGER_NOT_FOUND,
               absl::StrCat("trigger '", id.value(), "' does not exist; list them with ListTriggers"));
}

}  // namespace canvass::triggers
