// The rules of what protects customers, for triggers and the contact policy alike: frequency caps and quiet hours.
// Pure.
#ifndef CANVASS_SERVER_SETTINGS_PROTECTION_H_
#define CANVASS_SERVER_SETTINGS_PROTECTION_H_

#include <google/protobuf/duration.pb.h>
#include <google/protobuf/repeated_ptr_field.h>

#include <optional>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "canvass/v1/trigger.pb.h"
#include "server/base/error.h"

namespace canvass::settings {

// Checks a duration and cuts it to microseconds, in which times are kept. `limits` says them to people.
void CheckDuration(absl::string_view field, absl::Duration low, absl::Duration high, absl::string_view limits,
                   google::protobuf::Duration& duration, Violations& violations);

// Checks at most 8 caps and fills in their defaults. `field` is the path of the repeated field.
void NormalizeCaps(absl::string_view field, google::protobuf::RepeatedPtrField<v1::FrequencyCap>& caps,
                   Violations& violations);

// Checks quiet hours and fills in their defaults.
void NormalizeQuietHours(absl::string_view field, v1::QuietHours& quiet, Violations& violations);

// The minute of the day that `HH:MM` says, 0 to 1439; none for other text.
std::optional<int> MinuteOfDay(absl::string_view text);

}  // namespace canvass::settings

#endif  // CANVASS_SERVER_SETTINGS_PROTECTION_H_
