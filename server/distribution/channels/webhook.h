// The webhook channel: calls the tenant's own system with a CloudEvent that has the link to the respondent's page, so
// that the tenant can ask on whatever way it has. Signed as Standard Webhooks says: https://www.standardwebhooks.com.
//
//   POST <url>
//   webhook-id: <message id, the same for every attempt>
//   webhook-timestamp: <seconds>
//   webhook-signature: v1,<base64> v1,<base64 by the secret before, while secrets change over>
//
// Thread-safe; Send blocks.
#ifndef CANVASS_SERVER_DISTRIBUTION_CHANNELS_WEBHOOK_H_
#define CANVASS_SERVER_DISTRIBUTION_CHANNELS_WEBHOOK_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "server/distribution/channels/channel.h"
#include "server/distribution/channels/http_client.h"

namespace canvass::distribution {

// The value of webhook-signature by each of `secrets`, `whsec_` and base64. Those that cannot be read are left out.
// Pure.
std::string WebhookSignature(absl::Span<const std::string> secrets, absl::string_view id, absl::Time time,
                             absl::string_view body);

// The CloudEvent that says `message`, as JSON:
//
//   type         canvass.invitation.due, or canvass.invitation.reminder
//   id           the message's name; source canvass://tenants/<tenant>; subject the contact's id
//   canvasscause the invitation's name: events that follow from it must carry it on
//   data         invitation, survey, contact, channel, reminder, url, unsubscribe_url, token, expire_time, facts
//
// Pure.
std::string WebhookBody(const Outgoing& message, const MessageLinks& links);

class WebhookChannel final : public Channel {
 public:
  WebhookChannel(const HttpClient& http, const MessageLinks& links) : http_(http), links_(links) {}

  std::string Destination(const v1::ChannelSettings& settings) const override;
  SendResult Send(const Outgoing& message) override;

 private:
  const HttpClient& http_;
  const MessageLinks links_;
};

}  // namespace canvass::distribution

#endif  // CANVASS_SERVER_DISTRIBUTION_CHANNELS_WEBHOOK_H_
