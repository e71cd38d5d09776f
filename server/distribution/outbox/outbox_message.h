// The rules of outbox messages: how they are named, what is kept of their attempts, when they are tried again.
//
// Pure. Thread-safe.
#ifndef CANVASS_SERVER_DISTRIBUTION_OUTBOX_OUTBOX_MESSAGE_H_
#define CANVASS_SERVER_DISTRIBUTION_OUTBOX_OUTBOX_MESSAGE_H_

#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "canvass/v1/outbox.pb.h"
#include "server/base/ids.h"
#include "server/base/random.h"
#include "server/base/tenant_scope.h"

namespace canvass::distribution {

// The id in `tenants/{tenant}/outboxMessages/{message}`. InvalidArgument (INVALID_RESOURCE_NAME) if the name is of
// another shape, NotFound if it is another tenant's or its id is none of ours.
absl::StatusOr<Uuid> ParseOutboxMessageName(const TenantScope& scope, absl::string_view field, absl::string_view name);

// NotFound, OUTBOX_MESSAGE_NOT_FOUND.
absl::Status OutboxMessageNotFound(const Uuid& id);

// Counts an attempt and keeps it, with the nine before.
void AddAttempt(const v1::DeliveryAttempt& attempt, v1::OutboxMessage& message);

// Whether such a report is among the message's.
bool IsReported(const v1::OutboxMessage& message, v1::DeliveryReport::Verdict verdict);
// The report by which the message came back for good; null if it did not: of DELIVERED and BOUNCED, the first counts.
const v1::DeliveryReport* BounceOf(const v1::OutboxMessage& message);

// After so many failed attempts a message is given up: with the delays below, about three days.
inline constexpr int kMaxAttempts = 15;
// No delay is longer but by chance, whatever a receiver asks for.
inline constexpr absl::Duration kMaxRetryDelay = absl::Hours(6);

// How long to wait after `attempts` failed ones, or nothing if that was the last. The mean grows from 5 seconds
// twelvefold with each attempt, up to kMaxRetryDelay; the delay itself lies anywhere between nothing and twice that, so
// that what failed together does not come back together. `retry_after` is what the receiver asked for: the least,
// within kMaxRetryDelay.
std::optional<absl::Duration> NextRetry(int attempts, absl::Duration retry_after, Random& random);

}  // namespace canvass::distribution

#endif  // CANVASS_SERVER_DISTRIBUTION_OUTBOX_OUTBOX_MESSAGE_H_
