// The mail channel: writes the invitation or reminder in the customer's language and hands it to the operator's relay.
//
// The mail holds the survey's first question; where that is answered by a number, every number is a link that
// preselects it. RFC 8058's one-click unsubscribe is in its header, the same link in its text.
// Thread-safe; Send blocks.
#ifndef CANVASS_SERVER_DISTRIBUTION_CHANNELS_EMAIL_H_
#define CANVASS_SERVER_DISTRIBUTION_CHANNELS_EMAIL_H_

#include <string>

#include "absl/status/statusor.h"
#include "server/distribution/channels/channel.h"
#include "server/distribution/channels/mail_message.h"
#include "server/distribution/channels/smtp_client.h"

namespace canvass::distribution {

// The mail that says `message`; its settings must have an email part. Pure.
MailMessage WriteMail(const Outgoing& message, const MessageLinks& links);

class EmailChannel final : public Channel {
 public:
  EmailChannel(SmtpClient& smtp, const MessageLinks& links) : smtp_(smtp), links_(links) {}

  std::string Destination(const v1::ChannelSettings& settings) const override;
  SendResult Send(const Outgoing& message) override;

 private:
  SmtpClient& smtp_;
  const MessageLinks links_;
};

}  // namespace canvass::distribution

#endif  // CANVASS_SERVER_DISTRIBUTION_CHANNELS_EMAIL_H_
