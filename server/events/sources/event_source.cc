#include "server/events/sources/event_source.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/base/text/characters.h"

namespace canvass::events {
namespace {

constexpr std::size_t kMinSecret = 8;
constexpr std::size_t kMaxSecret = 512;
constexpr std::size_t kMaxQuoted = 63;

void CheckKind(v1::EventSource::Kind kind, Violations& violations) {
  if (kind == v1::EventSource::KIND_UNSPECIFIED) {
    violations.Add("event_source.kind", "is required");
  } else if (!v1::EventSource::Kind_IsValid(kind)) {
    violations.Add("event_source.kind", absl::StrCat(static_cast<int>(kind), " is not a known kind"));
  }
}

void CheckSecret(absl::string_view secret, Violations& violations) {
  if (secret.size() < kMinSecret || secret.size() > kMaxSecret) {
    violations.Add("event_source.secret",
                   absl::StrCat("has ", secret.size(), " bytes; ", kMinSecret, " to ", kMaxSecret,
                                " are allowed: take the one that the other system signs with"));
  } else if (HasControlCharacter(secret)) {
    // Most likely the line feed behind a secret that was read from a file, with which no signature would be right.
    violations.Add("event_source.secret", "has a control character, for example a line feed at its end");
  }
}

}  // namespace

absl::StatusOr<v1::EventSource> NormalizeEventSource(const v1::EventSource& source) {
  Violations violations;
  CheckDisplayName("event_source.display_name", source.display_name(), violations);
  CheckKind(source.kind(), violations);
  CheckSecret(source.secret(), violations);
  CANVASS_RETURN_IF_ERROR(violations.ToStatus(v1::ERROR_REASON_INVALID_EVENT_SOURCE));
  v1::EventSource content;
  content.set_display_name(source.display_name());
  content.set_kind(source.kind());
  content.set_secret(source.secret());
  return content;
}

v1::EventSource WithoutSecret(v1::EventSource source) {
  source.clear_secret();
  return source;
}

absl::StatusOr<EventSourceId> ParseEventSourceName(const TenantScope& scope, absl::string_view field,
                                                   absl::string_view name) {
  CANVASS_ASSIGN_OR_RETURN(std::string text, ParseChild(scope, "eventSources", field, name));
  const bool is_id = CheckChosenId(field, text).ok();
  EventSourceId id(std::move(text));
  // An id that no source can have is not looked for.
  if (!is_id) return EventSourceNotFound(id);
  return id;
}

std::string EventSourceName(const TenantScope& scope, const EventSourceId& id) {
  return ResourceName(scope.tenant(), {"eventSources", id.value()});
}

absl::Status EventSourceNotFound(const EventSourceId& id) {
  return Error(absl::StatusCode::kNotFound, v1::ERROR_REASON_EVENT_SOURCE_NOT_FOUND,
               absl::StrCat("event source '", absl::Utf8SafeCHexEscape(Shorten(id.value(), kMaxQuoted)),
                            "' does not exist; list them with ListEventSources"));
}

}  // namespace canvass::events
