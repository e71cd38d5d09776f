// The rules of events: what is a good one, and when two are the same.
//
//   CANVASS_RETURN_IF_ERROR(ValidateEvent(event, clock.Now()));
//   PreparedEvent prepared = PrepareEvent(event);
//
// Pure. Thread-safe.
#ifndef CANVASS_SERVER_EVENTS_EVENT_H_
#define CANVASS_SERVER_EVENTS_EVENT_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "canvass/v1/event.pb.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"

namespace canvass::events {

// A good event as it is stored.
struct PreparedEvent {
  Uuid key;                    // of source and id
  std::string content_digest;  // of everything that the caller said
  std::string payload;
  v1::Event event;  // output fields cleared, its time cut to microseconds
};

// The key of an event: the same source and id always give the same one.
Uuid EventKey(absl::string_view source, absl::string_view id);

// InvalidArgument (INVALID_EVENT) with every violation, its paths counted from the event (`data.total`).
absl::Status ValidateEvent(const v1::Event& event, absl::Time now);

// Makes a valid event ready to be stored. Two events of the same content give the same payload and digest.
PreparedEvent PrepareEvent(const v1::Event& event);

// The key in `tenants/{tenant}/events/{event}`. InvalidArgument (INVALID_RESOURCE_NAME) if the name is of another
// shape, NotFound if it is another tenant's or its id is none of ours.
absl::StatusOr<Uuid> ParseEventName(const TenantScope& scope, absl::string_view field, absl::string_view name);
std::string EventName(const TenantScope& scope, const Uuid& key);

// NotFound, EVENT_NOT_FOUND.
absl::Status EventNotFound(absl::string_view id);

}  // namespace canvass::events

#endif  // CANVASS_SERVER_EVENTS_EVENT_H_
