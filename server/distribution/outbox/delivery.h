// One claimed message on its way: checked again, sent, and what became of it written down.
//
//   const Delivery::End end = delivery.Deliver(tenant, std::move(claimed));
//
// A process that dies between sending and writing leaves the message claimed until the lease ends; then it is sent
// again, under the same id. Thread-safe; Deliver blocks for as long as the channel may take.
#ifndef CANVASS_SERVER_DISTRIBUTION_OUTBOX_DELIVERY_H_
#define CANVASS_SERVER_DISTRIBUTION_OUTBOX_DELIVERY_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/base/clock.h"
#include "server/base/random.h"
#include "server/contacts/suppression_store.h"
#include "server/distribution/decision_store.h"
#include "server/distribution/invitation_store.h"
#include "server/distribution/outbox/outbox_store.h"
#include "server/distribution/outbox/send_check.h"
#include "server/distribution/outbox/sending_channels.h"
#include "server/distribution/outbox/settlement.h"
#include "server/metrics/dimension_cache.h"
#include "server/settings/settings_catalog.h"
#include "server/surveys/survey_catalog.h"
#include "tenants/tenant_directory.h"

namespace canvass::distribution {

// What sending needs of other rooms; all of it outlives who is given it.
struct DeliveryParts {
  OutboxStore& outbox;
  InvitationStore& invitations;
  DecisionStore& decisions;
  contacts::SuppressionStore& suppressions;
  surveys::SurveyCatalog& surveys;
  settings::SettingsCatalog& settings;
  metrics::DimensionCache& dimensions;
  SendCheck& check;
  SendingChannels& channels;
  const Clock& clock;
  Random& random;
};

class Delivery {
 public:
  explicit Delivery(const DeliveryParts& parts)
      : parts_(parts),
        settlement_(parts.outbox, parts.invitations, parts.decisions, parts.dimensions, parts.clock, parts.random) {}

  enum class End {
    kSettled,    // what became of the message is written
    kUnreached,  // the same, but its destination did not answer
    kLost,       // nothing is written: the claim was lost, or the database could not be asked
  };
  End Deliver(const tenants::TenantEntry& tenant, ClaimedMessage message);

 private:
  absl::StatusOr<End> TryDeliver(SendingJob& job);
  absl::Status AskCheck(SendingJob& job);
  absl::StatusOr<bool> FollowVerdict(SendingJob& job);
  absl::StatusOr<SendResult> Attempt(SendingJob& job);
  absl::StatusOr<bool> Settle(SendingJob& job, const SendResult& result);
  absl::StatusOr<bool> GiveUp(SendingJob& job, const SendResult& result);
  absl::Status SuppressAddress(const SendingJob& job, const SendResult& result);

  void Finish(SendingJob& job, v1::OutboxMessage::State state);

  const DeliveryParts parts_;
  Settlement settlement_;
};

}  // namespace canvass::distribution

#endif  // CANVASS_SERVER_DISTRIBUTION_OUTBOX_DELIVERY_H_
