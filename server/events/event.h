// The rules of events: what is a good one, and when two are the same.
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

namespace canvass::events {

// A good event as it is stored: output fields cleared, its time cut to microseconds.
struct PreparedEvent {
  Uuid key;                    // of source and id
  std::string content_digest;  // of everything else
  std::string payload;
  v1::Event event;
};

// The key of an event: the same source and id always give the same one.
Uuid EventKey(absl::string_view source, absl::string_view id);

// InvalidArgument (INVALID_EVENT) with every violation, its paths counted from the event (`data.total`).
absl::Status ValidateEvent(const v1::Event& event, absl::Time now);

// Makes a valid event ready to be stored.
PreparedEvent PrepareEvent(const v1::Event& event);

}  // namespace canvass::events

#endif  // CANVASS_SERVER_EVENTS_EVENT_H_
