// What comes back from outside about messages that left: reports of the providers of text messages, bounces of mail.
//
//   CANVASS_ASSIGN_OR_RETURN(const Taken taken, feedback.Take(scope, message_id, report));
//
// The first report of each verdict is kept with the message. Of DELIVERED and BOUNCED the first one counts, however
// often and in whatever order they arrive. BOUNCED makes a message that is SENT come back: it is BOUNCED, and what
// Settlement::TakeBack says follows. A report that is faster than the worker that sent the message is kept, and that
// worker acts on it.
//
// Thread-safe; calls block.
#ifndef CANVASS_SERVER_DISTRIBUTION_FEEDBACK_DELIVERY_FEEDBACK_H_
#define CANVASS_SERVER_DISTRIBUTION_FEEDBACK_DELIVERY_FEEDBACK_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "canvass/v1/outbox.pb.h"
#include "canvass/v1/suppression.pb.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/contacts/contact_store.h"
#include "server/distribution/outbox/delivery.h"
#include "server/distribution/outbox/settlement.h"

namespace canvass::distribution {

struct Feedback {
  // On which the message left.
  v1::Invitation::Channel channel = v1::Invitation::CHANNEL_UNSPECIFIED;
  // Verdict, code and detail.
  v1::DeliveryReport report = {};
  // Why nothing must be sent to the address any more; none if it may be all right. Of a message that came back.
  std::optional<v1::Suppression::Reason> suppress = std::nullopt;
  // Whom the message was for, as the reporter says. Only one that is the customer's own on the channel is suppressed: a
  // forged report must not silence others.
  std::vector<std::string> addresses = {};
};

enum class Taken {
  kNoted,    // kept, with all that follows
  kKnown,    // a report of this verdict is kept already; nothing changed
  kUnknown,  // the tenant has no such message on the channel; nothing changed
};

class DeliveryFeedback {
 public:
  // All must outlive it.
  DeliveryFeedback(const DeliveryParts& parts, contacts::ContactStore& contacts)
      : parts_(parts),
        contacts_(contacts),
        settlement_(parts.outbox, parts.invitations, parts.decisions, parts.dimensions, parts.clock, parts.random) {}

  // Takes a report about `message` in one transaction. Errors of mysql::Database.
  absl::StatusOr<Taken> Take(const TenantScope& scope, const Uuid& message, const Feedback& feedback);

 private:
  // What is read before the transaction.
  struct Prospect {
    std::shared_ptr<const v1::SurveyVersion> version;
    v1::Invitation::Channel fallback = v1::Invitation::CHANNEL_UNSPECIFIED;
  };

  struct Arrival {
    const TenantScope& scope;
    const Feedback& feedback;
    const Prospect& prospect;
  };

  // A report of a new verdict; `record` is null if the invitation is gone.
  absl::Status Note(mysql::Transaction& tx, const Arrival& arrival, ClaimedMessage& stored, InvitationRecord* record,
                    metrics::CellBatch& cells);
  absl::StatusOr<Prospect> LookAhead(const TenantScope& scope, const v1::OutboxMessage& message);
  absl::Status Suppress(mysql::Transaction& tx, const TenantScope& scope, const ContactId& contact,
                        const Feedback& feedback);

  const DeliveryParts parts_;
  contacts::ContactStore& contacts_;
  Settlement settlement_;
};

}  // namespace canvass::distribution

#endif  // CANVASS_SERVER_DISTRIBUTION_FEEDBACK_DELIVERY_FEEDBACK_H_
