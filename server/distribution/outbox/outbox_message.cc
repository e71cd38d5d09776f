#include "server/distribution/outbox/outbox_message.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"

namespace canvass::distribution {
namespace {

constexpr int kKeptAttempts = 10;
constexpr absl::Duration kFirstRetryDelay = absl::Seconds(5);
constexpr int kGrowth = 12;

absl::Status NotFound(absl::string_view id) {
  return Error(absl::StatusCode::kNotFound, v1::ERROR_REASON_OUTBOX_MESSAGE_NOT_FOUND,
               absl::StrCat("outbox message '", id, "' does not exist; list them with ListOutboxMessages"));
}

// Evenly spread over [0, 1).
double Fraction(Random& random) {
  uint32_t bits = 0;
  for (char byte : random.Bytes(sizeof(bits))) bits = (bits << 8) | static_cast<unsigned char>(byte);
  return bits / 4294967296.0;
}

}  // namespace

absl::StatusOr<Uuid> ParseOutboxMessageName(const TenantScope& scope, absl::string_view field, absl::string_view name) {
  CANVASS_ASSIGN_OR_RETURN(const std::string text, ParseChild(scope, "outboxMessages", field, name));
  absl::StatusOr<Uuid> id = Uuid::Parse(text);
  // We name messages, so an id of another form is one that we never gave.
  if (!id.ok()) return NotFound(EncodeSegment(text));
  return id;
}

absl::Status OutboxMessageNotFound(const Uuid& id) { return NotFound(id.ToString()); }

void AddAttempt(const v1::DeliveryAttempt& attempt, v1::OutboxMessage& message) {
  message.set_attempt_count(message.attempt_count() + 1);
  *message.add_attempts() = attempt;
  const int surplus = message.attempts_size() - kKeptAttempts;
  if (surplus > 0) message.mutable_attempts()->DeleteSubrange(0, surplus);
}

bool IsReported(const v1::OutboxMessage& message, v1::DeliveryReport::Verdict verdict) {
  return std::any_of(message.reports().begin(), message.reports().end(),
                     [&](const v1::DeliveryReport& report) { return report.verdict() == verdict; });
}

const v1::DeliveryReport* BounceOf(const v1::OutboxMessage& message) {
  for (const v1::DeliveryReport& report : message.reports()) {
    if (report.verdict() == v1::DeliveryReport::VERDICT_DELIVERED) return nullptr;
    if (report.verdict() == v1::DeliveryReport::VERDICT_BOUNCED) return &report;
  }
  return nullptr;
}

std::optional<absl::Duration> NextRetry(int attempts, absl::Duration retry_after, Random& random) {
  if (attempts >= kMaxAttempts) return std::nullopt;
  absl::Duration mean = kFirstRetryDelay;
  for (int i = 1; i < attempts && mean < kMaxRetryDelay; ++i) mean *= kGrowth;
  const absl::Duration delay = 2 * Fraction(random) * std::min(mean, kMaxRetryDelay);
  return std::max(delay, std::min(retry_after, kMaxRetryDelay));
}

}  // namespace canvass::distribution
