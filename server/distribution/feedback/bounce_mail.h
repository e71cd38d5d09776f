// Bounces of mail: delivery status notifications as RFC 3464 (and 6533) have them, a multipart/report whose part
// message/delivery-status says what became of the mail and whose last part returns it, or its headers.
//
//   const absl::StatusOr<BounceMail> bounce = ReadBounceMail(raw);
//   if (bounce.ok()) feedback.Take(scope, bounce->message, bounce->feedback);
//
// | Action | means |
// |---|---|
// | failed | BOUNCED. The address is suppressed if the status says that there is no such mailbox |
// | delayed | DELAYED |
// | delivered | DELIVERED |
//
// Which statuses say so is the same as at the relay's door: SaysNoSuchMailbox. A refusal for spam or policy, a full
// mailbox and a mail that nobody took for days silence nobody.
//
// Pure. Thread-safe.
#ifndef CANVASS_SERVER_DISTRIBUTION_FEEDBACK_BOUNCE_MAIL_H_
#define CANVASS_SERVER_DISTRIBUTION_FEEDBACK_BOUNCE_MAIL_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/base/ids.h"
#include "server/distribution/feedback/delivery_feedback.h"

namespace canvass::distribution {

struct BounceMail {
  // The message that it is about, by the Message-ID of the mail that came back (or, where nothing of that is returned,
  // by In-Reply-To).
  Uuid message;
  Feedback feedback;
};

// Of several recipients, the first that failed, else the first. InvalidArgument, with the reason for people, if `raw`
// is no report about a mail of ours, or says nothing that counts.
absl::StatusOr<BounceMail> ReadBounceMail(absl::string_view raw);

}  // namespace canvass::distribution

#endif  // CANVASS_SERVER_DISTRIBUTION_FEEDBACK_BOUNCE_MAIL_H_
