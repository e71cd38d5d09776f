#include "server/triggers/trigger.h"

#include <algorithm>
#include <cstdint>
#include <limits>
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
#include "server/contacts/segments/segment.h"
#include "server/settings/protection.h"

namespace canvass::triggers {
namespace {

using settings::CheckDuration;

constexpr std::size_t kMaxEventType = 128;
constexpr absl::Duration kMinReminder = absl::Hours(1);
constexpr absl::Duration kMaxReminder = absl::Hours(24 * 60);
constexpr absl::Duration kMinLateness = absl::Minutes(1);
constexpr absl::Duration kMaxLateness = absl::Hours(24 * 90);
constexpr int kMaxChannels = 5;
constexpr int kMaxReminders = 3;
constexpr int kMaxPriority = 100;

bool IsEventType(absl::string_view type) {
  return !type.empty() && type.size() <= kMaxEventType && std::all_of(type.begin(), type.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
           absl::string_view("._-:/").find(c) != absl::string_view::npos;
  });
}

void NormalizeChannels(v1::Trigger& content, Violations& violations) {
  if (content.channels().empty()) content.add_channels(v1::Invitation::CHANNEL_IN_APP);
  if (content.channels_size() > kMaxChannels) {
    violations.Add("trigger.channels",
                   absl::StrCat(content.channels_size(), " channels; at most ", kMaxChannels, " are allowed"));
  }
  for (int i = 0; i < content.channels_size(); ++i) {
    const int channel = content.channels(i);
    const std::string path = absl::StrCat("trigger.channels[", i, "]");
    const auto first = std::find(content.channels().begin(), content.channels().end(), channel);
    if (channel == v1::Invitation::CHANNEL_UNSPECIFIED || !v1::Invitation::Channel_IsValid(channel)) {
      violations.Add(path, absl::StrCat(channel, " is not a channel"));
    } else if (first - content.channels().begin() < i) {
      violations.Add(path, "is there twice");
    }
  }
}

void NormalizeReminders(v1::Trigger& content, Violations& violations) {
  if (content.reminders_size() > kMaxReminders) {
    violations.Add("trigger.reminders",
                   absl::StrCat(content.reminders_size(), " reminders; at most ", kMaxReminders, " are allowed"));
  }
  for (int i = 0; i < std::min(content.reminders_size(), kMaxReminders); ++i) {
    const std::string path = absl::StrCat("trigger.reminders[", i, "].delay");
    v1::Reminder& reminder = *content.mutable_reminders(i);
    if (reminder.has_delay()) {
      CheckDuration(path, kMinReminder, kMaxReminder, "1 hour to 60 days", *reminder.mutable_delay(), violations);
    } else {
      violations.Add(path, "is required");
    }
  }
}

void CheckRange(absl::string_view field, double value, double low, double high, absl::string_view limits,
                Violations& violations) {
  if (value >= low && value <= high) return;
  violations.Add(field, absl::StrCat(value, " is not within ", limits));
}

// What protects customers and chooses among them.
void NormalizeRules(v1::Trigger& content, Violations& violations) {
  settings::NormalizeCaps("trigger.frequency_caps", *content.mutable_frequency_caps(), violations);
  if (content.has_quiet_hours()) {
    settings::NormalizeQuietHours("trigger.quiet_hours", *content.mutable_quiet_hours(), violations);
  }
  if (content.has_sample_rate() && !(content.sample_rate() > 0 && content.sample_rate() <= 1)) {
    violations.Add("trigger.sample_rate", absl::StrCat(content.sample_rate(), " is not above 0 and at most 1"));
  }
  CheckRange("trigger.priority", content.priority(), -kMaxPriority, kMaxPriority, "-100 to 100", violations);
  CheckRange("trigger.daily_limit", content.daily_limit(), 0, std::numeric_limits<int32_t>::max(),
             "0 (no limit) to 2,147,483,647", violations);
  if (content.has_max_lateness()) {
    CheckDuration("trigger.max_lateness", kMinLateness, kMaxLateness, "1 minute to 90 days",
                  *content.mutable_max_lateness(), violations);
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
  NormalizeChannels(content, violations);
  NormalizeReminders(content, violations);
  NormalizeRules(content, violations);
  if (!content.has_invitation_lifetime()) *content.mutable_invitation_lifetime() = ToProto(kDefaultLifetime);
  CheckDuration("trigger.invitation_lifetime", kMinLifetime, kMaxLifetime, "1 minute to 365 days",
                *content.mutable_invitation_lifetime(), violations);
}

// Replaces the condition by its structure. A condition that says nothing is left out.
absl::Status NormalizeOwnCondition(v1::Trigger& content) {
  if (!content.has_condition()) return absl::OkStatus();
  CANVASS_RETURN_IF_ERROR(conditions::NormalizeCondition("trigger.condition", {"event", "contact", "history"},
                                                         *content.mutable_condition()));
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
  if (!content.segment().empty()) {
    CANVASS_ASSIGN_OR_RETURN(const SegmentId segment,
                             contacts::ParseSegmentName(scope, "trigger.segment", content.segment()));
    content.set_segment(ResourceName(scope.tenant(), {"segments", segment.value()}));
  }
  return content;
}

SurveyId SurveyOf(const v1::Trigger& trigger) {
  // Ids of surveys hold nothing that would be encoded.
  return SurveyId(std::string(LastSegment(trigger.survey())));
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
