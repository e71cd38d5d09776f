// What providers of text messages report, by a form POST with MessageStatus, ErrorCode and To.
//
//   const std::optional<Feedback> feedback = ReadSmsStatus(DecodeForm(body));
//
// | MessageStatus | means |
// |---|---|
// | accepted, scheduled, queued, sending, sent | nothing yet: none |
// | delivered, read | DELIVERED |
// | undelivered, failed, canceled | BOUNCED |
//
// ErrorCode says why. The number is suppressed for 21211 (no such number), 21614 and 30006 (it cannot receive text
// messages), 30005 (unknown at the carrier) as BOUNCED, and for 21610 (the person told the provider to stop) as
// UNSUBSCRIBED. Every other code may pass: a telephone that is switched off, a carrier's filter, an account's limit.
//
// Pure. Thread-safe.
#ifndef CANVASS_SERVER_DISTRIBUTION_FEEDBACK_SMS_STATUS_H_
#define CANVASS_SERVER_DISTRIBUTION_FEEDBACK_SMS_STATUS_H_

#include <map>
#include <optional>
#include <string>

#include "server/distribution/feedback/delivery_feedback.h"

namespace canvass::distribution {

// None if the status is not final, or none that we know.
std::optional<Feedback> ReadSmsStatus(const std::map<std::string, std::string>& fields);

}  // namespace canvass::distribution

#endif  // CANVASS_SERVER_DISTRIBUTION_FEEDBACK_SMS_STATUS_H_
