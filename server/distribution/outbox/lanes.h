// How many messages one server sends at once: in all and for one tenant on a channel, and to one destination (the mail
// relay, the host of a webhook). So a destination that hangs, or a tenant with a million messages, holds up nobody
// else.
//
//   const int places = lanes.Free(lane, now);
//   lanes.Enter(lane); … send … lanes.Leave(lane, Lanes::Reply::kNone, now);
//
// A destination that does not answer at all, several times on end, rests: one message at a time tries it, at growing
// intervals, until it answers. Thread-safe.
#ifndef CANVASS_SERVER_DISTRIBUTION_OUTBOX_LANES_H_
#define CANVASS_SERVER_DISTRIBUTION_OUTBOX_LANES_H_

#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "canvass/v1/invitation.pb.h"
#include "server/base/ids.h"

namespace canvass::distribution {

// Messages of a tenant on a channel, to where they go.
struct Lane {
  v1::Invitation::Channel channel = v1::Invitation::CHANNEL_UNSPECIFIED;
  TenantId tenant;
  std::string destination;
};

struct ChannelLimits {
  int in_all = 16;
  int per_tenant = 8;
  int per_destination = 4;
};

class Lanes {
 public:
  // After so many attempts on end without an answer a destination rests.
  static constexpr int kMaxSilence = 3;
  static constexpr absl::Duration kMaxRest = absl::Minutes(5);

  enum class Reply { kSome, kNone };

  Lanes(ChannelLimits email, ChannelLimits webhook, ChannelLimits sms) : email_(email), webhook_(webhook), sms_(sms) {}

  // How many more messages may enter.
  int Free(const Lane& lane, absl::Time now);
  void Enter(const Lane& lane);
  // kNone: the destination did not answer.
  void Leave(const Lane& lane, Reply reply, absl::Time now);

 private:
  struct Destination {
    int in_use = 0;
    int silences = 0;
    absl::Time rests_until = absl::InfinitePast();
  };
  using DestinationKey = std::pair<int, std::string>;

  const ChannelLimits& LimitsOf(v1::Invitation::Channel channel) const;

  const ChannelLimits email_;
  const ChannelLimits webhook_;
  const ChannelLimits sms_;
  absl::Mutex mutex_;
  absl::flat_hash_map<int, int> in_all_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<std::pair<int, TenantId>, int> tenants_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<DestinationKey, Destination> destinations_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace canvass::distribution

#endif  // CANVASS_SERVER_DISTRIBUTION_OUTBOX_LANES_H_
