// CloudEvents 1.0 (JSON format, HTTP binding) as events.
//
// Of the attributes, `id`, `source`, `type`, `subject` and `time` are the event's own; the extension `canvasscause` is
// its cause; the other ones are ignored. Data must be a JSON object, since conditions look into it.
// Pure. Thread-safe.
#ifndef CANVASS_SERVER_HTTP_INTAKE_CLOUD_EVENT_H_
#define CANVASS_SERVER_HTTP_INTAKE_CLOUD_EVENT_H_

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "canvass/v1/event.pb.h"

namespace canvass::http {

// "application/json; charset=utf-8" → "application/json".
std::string MediaType(absl::string_view content_type);

// An event in the JSON format. InvalidArgument (INVALID_EVENT) with every violation, those of events::ValidateEvent
// included; ok does not yet mean that ValidateEvent is content.
absl::StatusOr<v1::Event> ReadCloudEvent(const nlohmann::json& envelope, absl::Time now);

// An event of binary mode as an envelope in the JSON format: `attributes` are what stands behind `ce-` in the headers'
// names, in any case, and their values, decoded from percent-encoding.
// InvalidArgument (MALFORMED_MESSAGE) if the body is not JSON, (INVALID_EVENT) if a value is not UTF-8.
absl::StatusOr<nlohmann::json> BinaryEnvelope(const std::vector<std::pair<std::string, std::string>>& attributes,
                                              absl::string_view content_type, absl::string_view body);

}  // namespace canvass::http

#endif  // CANVASS_SERVER_HTTP_INTAKE_CLOUD_EVENT_H_
