// Words that explanations share. Pure. Thread-safe.
#ifndef CANVASS_SERVER_TRIGGERS_RULES_WORDING_H_
#define CANVASS_SERVER_TRIGGERS_RULES_WORDING_H_

#include <google/protobuf/struct.pb.h>

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "canvass/v1/invitation.pb.h"

namespace canvass::triggers {

// "2025-06-02 12:00:00 UTC".
std::string TimeText(absl::Time time);
// The same by the clock of `zone`: "2025-06-02 14:00:00 CEST".
std::string TimeText(absl::Time time, const absl::TimeZone& zone);

// "30 days", "1 hour 30 minutes": the two largest units that are not zero.
std::string DurationText(absl::Duration duration);

// At most `max_bytes` of `text`, with "…" where something was cut.
std::string Quote(absl::string_view text, std::size_t max_bytes = 300);

// "event.total was 9.5; event.city was "Oslo"; contact.vip was not there.": a few of `fields` as they are in `facts`.
std::string ValuesText(const std::vector<std::string>& fields, const google::protobuf::Struct& facts);

}  // namespace canvass::triggers

#endif  // CANVASS_SERVER_TRIGGERS_RULES_WORDING_H_
