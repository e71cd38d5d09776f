#include "server/distribution/outbox/sending_channels.h"

namespace canvass::distribution {
namespace {

template <typename Options>
Options WatchedBy(Options options, const std::atomic<bool>& cancelled) {
  options.limits.cancelled = &cancelled;
  return options;
}

}  // namespace

SendingChannels::SendingChannels(const ChannelOptions& options, const MessageLinks& links)
    : http_(WatchedBy(options.http, cancelled_)),
      smtp_(WatchedBy(options.smtp, cancelled_)),
      email_(smtp_, links),
      webhook_(http_, links),
      sms_(sms_provider_, links) {}

Channel* SendingChannels::Of(v1::Invitation::Channel channel) {
  switch (channel) {
    case v1::Invitation::CHANNEL_EMAIL:
      return &email_;
    case v1::Invitation::CHANNEL_WEBHOOK:
      return &webhook_;
    case v1::Invitation::CHANNEL_SMS:
      return &sms_;
    default:
      return nullptr;
  }
}

}  // namespace canvass::distribution
