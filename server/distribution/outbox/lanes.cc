#include "server/distribution/outbox/lanes.h"

#include <algorithm>

namespace canvass::distribution {
namespace {

constexpr absl::Duration kFirstRest = absl::Seconds(5);
// Silent destinations that nobody uses are forgotten beyond this many.
constexpr std::size_t kMaxDestinations = 10'000;

absl::Duration RestAfter(int silences) {
  absl::Duration rest = kFirstRest;
  for (int i = Lanes::kMaxSilence; i < silences && rest < Lanes::kMaxRest; ++i) rest *= 2;
  return std::min(rest, Lanes::kMaxRest);
}

template <typename Map, typename Key>
auto Find(const Map& map, const Key& key) {
  const auto found = map.find(key);
  return found == map.end() ? typename Map::mapped_type() : found->second;
}

}  // namespace

int Lanes::Free(const Lane& lane, absl::Time now) {
  const ChannelLimits& limits = LimitsOf(lane.channel);
  absl::MutexLock lock(&mutex_);
  const Destination destination = Find(destinations_, DestinationKey(lane.channel, lane.destination));
  if (now < destination.rests_until) return 0;
  const int to_destination = destination.silences < kMaxSilence ? limits.per_destination : 1;
  const int free = std::min({limits.in_all - Find(in_all_, static_cast<int>(lane.channel)),
                             limits.per_tenant - Find(tenants_, std::pair<int, TenantId>(lane.channel, lane.tenant)),
                             to_destination - destination.in_use});
  return std::max(0, free);
}

void Lanes::Enter(const Lane& lane) {
  absl::MutexLock lock(&mutex_);
  if (destinations_.size() >= kMaxDestinations) {
    absl::erase_if(destinations_, [](const auto& entry) { return entry.second.in_use == 0; });
  }
  ++in_all_[lane.channel];
  ++tenants_[{lane.channel, lane.tenant}];
  ++destinations_[DestinationKey(lane.channel, lane.destination)].in_use;
}

void Lanes::Leave(const Lane& lane, Reply reply, absl::Time now) {
  absl::MutexLock lock(&mutex_);
  --in_all_[lane.channel];
  const auto tenant = tenants_.find({lane.channel, lane.tenant});
  if (--tenant->second == 0) tenants_.erase(tenant);
  const auto found = destinations_.find(DestinationKey(lane.channel, lane.destination));
  Destination& destination = found->second;
  --destination.in_use;
  destination.silences = reply == Reply::kSome ? 0 : destination.silences + 1;
  if (destination.silences >= kMaxSilence) destination.rests_until = now + RestAfter(destination.silences);
  if (destination.in_use == 0 && destination.silences == 0) destinations_.erase(found);
}

const ChannelLimits& Lanes::LimitsOf(v1::Invitation::Channel channel) const {
  switch (channel) {
    case v1::Invitation::CHANNEL_EMAIL:
      return email_;
    case v1::Invitation::CHANNEL_SMS:
      return sms_;
    default:
      return webhook_;
  }
}

}  // namespace canvass::distribution
