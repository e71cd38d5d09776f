// The channels on which something is sent, with the clients behind them, put together from the operator's options.
//
//   SendingChannels channels({.smtp = {.url = "smtp://relay.internal:587"}}, links);
//   if (Channel* channel = channels.Of(v1::Invitation::CHANNEL_EMAIL)) channel->Send(message);
//
// Thread-safe.
#ifndef CANVASS_SERVER_DISTRIBUTION_OUTBOX_SENDING_CHANNELS_H_
#define CANVASS_SERVER_DISTRIBUTION_OUTBOX_SENDING_CHANNELS_H_

#include <atomic>

#include "canvass/v1/invitation.pb.h"
#include "server/distribution/channels/channel.h"
#include "server/distribution/channels/email.h"
#include "server/distribution/channels/http_client.h"
#include "server/distribution/channels/sms.h"
#include "server/distribution/channels/smtp_client.h"
#include "server/distribution/channels/webhook.h"

namespace canvass::distribution {

struct ChannelOptions {
  SmtpOptions smtp = {};
  // Of webhooks and of providers of text messages, both named by tenants.
  HttpOptions http = {};
};

class SendingChannels {
 public:
  // What `links` refers to must outlive the channels. The limits' `cancelled` are replaced by our own.
  SendingChannels(const ChannelOptions& options, const MessageLinks& links);
  SendingChannels(const SendingChannels&) = delete;
  SendingChannels& operator=(const SendingChannels&) = delete;

  // Null for channels on which nothing is sent.
  Channel* Of(v1::Invitation::Channel channel);

  // Cuts off what is being sent, and all that would be.
  void Cancel() { cancelled_ = true; }

 private:
  std::atomic<bool> cancelled_ = false;
  HttpClient http_;
  SmtpClient smtp_;
  FormPostProvider sms_provider_{http_};
  EmailChannel email_;
  WebhookChannel webhook_;
  SmsChannel sms_;
};

}  // namespace canvass::distribution

#endif  // CANVASS_SERVER_DISTRIBUTION_OUTBOX_SENDING_CHANNELS_H_
