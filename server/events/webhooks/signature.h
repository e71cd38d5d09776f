// The signatures of other systems' webhooks, each over the body's very bytes, with the secret that the event source
// shares with the system.
// Pure; compares in constant time.
#ifndef CANVASS_SERVER_EVENTS_WEBHOOKS_SIGNATURE_H_
#define CANVASS_SERVER_EVENTS_WEBHOOKS_SIGNATURE_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "canvass/v1/event_source.pb.h"
#include "server/events/webhooks/webhook.h"

namespace canvass::events {

// How old a signature with a time may be, and how far ahead of our clock.
inline constexpr absl::Duration kMaxSignatureAge = absl::Minutes(5);

// Unauthenticated: CREDENTIAL_MISSING without the header, which it names; CREDENTIAL_INVALID if the signature is not
// that of this body and secret; CREDENTIAL_EXPIRED if it is right but Stripe's time in it is further than
// kMaxSignatureAge from `now`.
absl::Status VerifySignature(v1::EventSource::Kind kind, absl::string_view secret, const WebhookCall& call,
                             absl::Time now);

}  // namespace canvass::events

#endif  // CANVASS_SERVER_EVENTS_WEBHOOKS_SIGNATURE_H_
