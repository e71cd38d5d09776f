// A way to customers on which something is sent: mail, calls to the tenant's system, text messages. What they share.
//
//   const SendResult result = channel.Send(message);
//   if (result.outcome == SendResult::Outcome::kRetry) … try again after result.retry_after …
//
// Implementations are thread-safe. Send blocks for as long as its transfer may take, and no longer.
#ifndef CANVASS_SERVER_DISTRIBUTION_CHANNELS_CHANNEL_H_
#define CANVASS_SERVER_DISTRIBUTION_CHANNELS_CHANNEL_H_

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "canvass/v1/contact.pb.h"
#include "canvass/v1/settings.pb.h"
#include "canvass/v1/survey.pb.h"
#include "server/base/ids.h"
#include "server/base/proto_time.h"
#include "server/base/tenant_scope.h"
#include "server/distribution/invitation_store.h"
#include "server/distribution/invitation_token.h"
#include "server/distribution/page_urls.h"
#include "server/distribution/unsubscribe_token.h"

namespace canvass::distribution {

// One message, with all that it is made of. Everything referred to outlives the call.
struct Outgoing {
  const TenantScope& scope;
  absl::string_view tenant_name;
  // Stays the same however often it is tried.
  Uuid id;
  // 0: the invitation; 1, 2, 3: that reminder.
  int reminder = 0;
  const InvitationRecord& invitation;
  const v1::SurveyDefinition& survey;
  const v1::ChannelSettings& settings;
  // As stored now.
  const v1::Contact& contact;
  // Of the contact, on channels that have addresses. Never logged.
  absl::string_view address;
  absl::Time now;
};

// What became of one attempt.
struct SendResult {
  enum class Outcome {
    kSent,         // the channel took it
    kRetry,        // not now; it may later
    kRefused,      // it never will
    kInterrupted,  // cut off by ourselves: as if it had not been tried
  };
  Outcome outcome = Outcome::kSent;
  // The reply code of SMTP or HTTP; 0 if there was no reply.
  int code = 0;
  // For people, without addresses.
  std::string detail = {};
  // How long the receiver asks to wait.
  absl::Duration retry_after = absl::ZeroDuration();
  // The address does not exist.
  bool bounced = false;
};

inline SendResult Refused(absl::string_view detail) {
  return {.outcome = SendResult::Outcome::kRefused, .detail = std::string(detail)};
}

// The secrets and addresses that messages carry.
struct MessageLinks {
  const InvitationTokens& invitations;
  const UnsubscribeTokens& unsubscribes;
  const PageUrls& urls;

  std::string TokenOf(const Outgoing& message) const {
    return invitations.Sign({.tenant = message.scope.tenant(),
                             .survey = message.invitation.survey,
                             .invitation = message.invitation.id,
                             .expire_time = FromProto(message.invitation.invitation.expire_time())});
  }
  std::string UnsubscribeOf(const Outgoing& message, v1::Invitation::Channel channel) const {
    return urls.Unsubscribe(unsubscribes.Sign(
        {.tenant = message.scope.tenant(), .contact = message.invitation.contact, .channel = channel}));
  }
};

class Channel {
 public:
  virtual ~Channel() = default;

  // Where this tenant's messages go, the same text for the same server: what limits go by. Empty if the tenant has not
  // set the channel up; Send refuses then.
  virtual std::string Destination(const v1::ChannelSettings& settings) const = 0;

  virtual SendResult Send(const Outgoing& message) = 0;
};

}  // namespace canvass::distribution

#endif  // CANVASS_SERVER_DISTRIBUTION_CHANNELS_CHANNEL_H_
