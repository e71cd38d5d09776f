#include "server/events/event.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/base/digest.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/base/text/characters.h"
#include "server/conditions/facts.h"

namespace canvass::events {
namespace {

constexpr std::size_t kMaxSource = 256;
constexpr std::size_t kMaxId = 256;
constexpr std::size_t kMaxType = 128;
constexpr std::size_t kMaxSubject = 128;
constexpr std::size_t kMaxCause = 200;
constexpr std::size_t kMaxDataBytes = std::size_t{64} << 10;
constexpr int kMaxDataDepth = 8;
constexpr absl::Duration kMaxAhead = absl::Minutes(10);

// Text that may be empty.
void CheckOptionalText(absl::string_view field, absl::string_view text, std::size_t max_bytes, Violations& violations) {
  if (text.size() > max_bytes) {
    violations.Add(field, absl::StrCat("has ", text.size(), " bytes; at most ", max_bytes, " are allowed"));
  } else if (!IsUtf8(text)) {
    violations.Add(field, "is not UTF-8");
  } else if (HasControlCharacter(text)) {
    violations.Add(field, "has a control character, which CloudEvents do not allow");
  }
}

void CheckText(absl::string_view field, absl::string_view text, std::size_t max_bytes, Violations& violations) {
  if (text.empty()) return violations.Add(field, "is required");
  CheckOptionalText(field, text, max_bytes, violations);
}

bool IsTypeCharacter(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
         absl::string_view("._-:/").find(c) != absl::string_view::npos;
}

void CheckType(absl::string_view type, Violations& violations) {
  if (type.empty()) {
    violations.Add("type", "is required");
  } else if (type.size() > kMaxType || !std::all_of(type.begin(), type.end(), IsTypeCharacter)) {
    violations.Add("type", absl::StrCat("'", absl::Utf8SafeCHexEscape(Shorten(type, kMaxType)),
                                        "' is not 1 to 128 of a-z, A-Z, 0-9, '.', '_', '-', ':' and '/'"));
  }
}

void CheckTime(const v1::Event& event, absl::Time now, Violations& violations) {
  if (!event.has_time()) {
    violations.Add("time", "is required");
  } else if (!IsValid(event.time())) {
    violations.Add("time", "is not a time of the years 1 to 9999");
  } else if (const absl::Time time = FromProto(event.time()); time > now + kMaxAhead) {
    violations.Add("time", absl::StrCat(absl::FormatTime(absl::RFC3339_sec, time, absl::UTCTimeZone()),
                                        " is more than 10 minutes in the future; check the clock"));
  }
}

}  // namespace

Uuid EventKey(absl::string_view source, absl::string_view id) {
  // Neither holds a NUL, so no two pairs run together to the same text.
  return Uuid::FromBytes(Digest16(absl::StrCat(source, absl::string_view("\0", 1), id)));
}

absl::Status ValidateEvent(const v1::Event& event, absl::Time now) {
  Violations violations;
  CheckText("source", event.source(), kMaxSource, violations);
  CheckText("id", event.id(), kMaxId, violations);
  CheckType(event.type(), violations);
  CheckText("subject", event.subject(), kMaxSubject, violations);
  CheckTime(event, now, violations);
  CheckOptionalText("cause", event.cause(), kMaxCause, violations);
  conditions::CheckFacts("data", event.data(), {.max_depth = kMaxDataDepth, .max_bytes = kMaxDataBytes}, violations);
  return violations.ToStatus(v1::ERROR_REASON_INVALID_EVENT);
}

PreparedEvent PrepareEvent(const v1::Event& event) {
  PreparedEvent prepared;
  prepared.key = EventKey(event.source(), event.id());
  v1::Event& content = prepared.event;
  content.set_source(event.source());
  content.set_id(event.id());
  content.set_type(event.type());
  content.set_subject(event.subject());
  content.set_cause(event.cause());
  *content.mutable_time() = ToProto(FromProto(event.time()));
  // No data and empty data are the same content.
  if (event.data().fields_size() > 0) *content.mutable_data() = event.data();
  prepared.payload = StableBytes(content);
  prepared.content_digest = Digest16(prepared.payload);
  return prepared;
}

absl::StatusOr<Uuid> ParseEventName(const TenantScope& scope, absl::string_view field, absl::string_view name) {
  CANVASS_ASSIGN_OR_RETURN(const std::string id, ParseChild(scope, "events", field, name));
  absl::StatusOr<Uuid> key = Uuid::Parse(id);
  // We name events, so an id of another form is one that we never gave.
  if (!key.ok()) return EventNotFound(EncodeSegment(id));
  return key;
}

std::string EventName(const TenantScope& scope, const Uuid& key) {
  return ResourceName(scope.tenant(), {"events", key.ToString()});
}

absl::Status EventNotFound(absl::string_view id) {
  return Error(absl::StatusCode::kNotFound, v1::ERROR_REASON_EVENT_NOT_FOUND,
               absl::StrCat("event '", id, "' does not exist; list them with ListEvents"));
}

}  // namespace canvass::events
