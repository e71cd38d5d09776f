// EventService.PublishEvents: takes in a batch of events and decides on every new one, all in one transaction.
//
// What a call says of contacts is written before its events are decided on, in the same transaction.
//
// Every event is known by a digest of source and id, which the table refuses to hold twice; so a batch may be repeated,
// overlap another one or arrive at the same moment through two servers: each event is decided on once.
// Thread-safe; blocks.
#ifndef CANVASS_SERVER_EVENTS_PUBLISH_EVENTS_H_
#define CANVASS_SERVER_EVENTS_PUBLISH_EVENTS_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "canvass/v1/event_service.pb.h"
#include "server/base/clock.h"
#include "server/base/random.h"
#include "server/base/tenant_scope.h"
#include "server/events/event_store.h"
#include "server/triggers/decide.h"

namespace canvass::events {

// Returns one result per event. A bad event is REFUSED with INVALID_EVENT, one whose source and id hold other content
// with EVENT_ID_REUSED; the others go on.
//
// InvalidArgument (INVALID_FIELD) for none or too many events or too many contacts. Unavailable (OUTCOME_UNKNOWN) if
// the connection was lost during commit more than once: sending the same call again tells. Other errors as
// Database::Write; nothing was written.
absl::StatusOr<v1::PublishEventsResponse> PublishEvents(EventStore& events, triggers::Decider& decider,
                                                        const Clock& clock, Random& random, const TenantScope& scope,
                                                        const v1::PublishEventsRequest& request,
                                                        absl::Time deadline = absl::InfiniteFuture());

}  // namespace canvass::events

#endif  // CANVASS_SERVER_EVENTS_PUBLISH_EVENTS_H_
