// Single values as people write them: durations, times, the values of enums.
//
// Thread-safe: pure functions.
#ifndef CANVASS_CLIENT_CLI_DOCUMENTS_SCALARS_H_
#define CANVASS_CLIENT_CLI_DOCUMENTS_SCALARS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/timestamp.pb.h"

namespace canvass::cli {

// "24h", "30d", "2w", "1h30m", "1.5s", "500ms". A day is 24 hours. InvalidArgument otherwise, also without a unit.
absl::StatusOr<absl::Duration> ParseDuration(absl::string_view text);

// "2017-05-10T14:03:00Z" (RFC 3339, any offset), or "2017-05-10" for its midnight in UTC. InvalidArgument otherwise.
absl::StatusOr<absl::Time> ParseTime(absl::string_view text);

// Writes `time` into a message.
void SetTime(absl::Time time, google::protobuf::Timestamp& timestamp);

// The value of `type` that `text` names: in_app, IN_APP, in-app or CHANNEL_IN_APP. InvalidArgument with what there is.
absl::StatusOr<const google::protobuf::EnumValueDescriptor*> ParseEnum(const google::protobuf::EnumDescriptor& type,
                                                                       absl::string_view text);

// The name for people: CHANNEL_IN_APP → "in_app"; empty for the unspecified value and for numbers without a name.
std::string EnumText(const google::protobuf::EnumDescriptor& type, int number);

// All of them, without the unspecified one.
std::vector<std::string> EnumTexts(const google::protobuf::EnumDescriptor& type);

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_DOCUMENTS_SCALARS_H_
