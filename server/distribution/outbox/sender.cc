#include "server/distribution/outbox/sender.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/base/log.h"

namespace canvass::distribution {
namespace {

// Tenants looked at in one round, and messages claimed for one of them on one channel in one round.
constexpr int kMaxTenants = 1000;
constexpr int kMaxClaim = 8;
// Between rounds that found something.
constexpr absl::Duration kBusyPause = absl::Milliseconds(10);
constexpr int kRenewalsPerLease = 3;
constexpr std::size_t kOwnerBytes = 8;

}  // namespace

Sender::Sender(const DeliveryParts& parts, tenants::TenantDirectory& directory, const SenderOptions& options)
    : parts_(parts),
      directory_(directory),
      options_(options),
      owner_(absl::StrCat("sender-", absl::BytesToHexString(parts.random.Bytes(kOwnerBytes)))),
      delivery_(parts),
      lanes_(options.email, options.webhook, options.sms) {
  for (const auto& [channel, threads] : {std::pair(v1::Invitation::CHANNEL_EMAIL, options.email.in_all),
                                         std::pair(v1::Invitation::CHANNEL_WEBHOOK, options.webhook.in_all),
                                         std::pair(v1::Invitation::CHANNEL_SMS, options.sms.in_all)}) {
    auto crew = std::make_unique<Crew>();
    crew->channel = channel;
    for (int i = 0; i < threads; ++i) crew->threads.emplace_back([this, crew = crew.get()] { Work(*crew); });
    crews_.push_back(std::move(crew));
  }
  dispatcher_ = std::thread([this] { Dispatch(); });
}

Sender::~Sender() { Stop(absl::ZeroDuration()); }

void Sender::Stop(absl::Duration grace) {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    dispatcher_wake_.SignalAll();
  }
  if (dispatcher_.joinable()) dispatcher_.join();
  RenewClaims();
  {
    absl::MutexLock lock(&mutex_);
    bool timed_out = false;
    while (!held_.empty() && !timed_out) timed_out = all_done_.WaitWithTimeout(&mutex_, grace);
  }
  parts_.channels.Cancel();
  {
    absl::MutexLock lock(&mutex_);
    crews_may_go_ = true;
    for (const std::unique_ptr<Crew>& crew : crews_) crew->wake.SignalAll();
  }
  for (const std::unique_ptr<Crew>& crew : crews_) {
    for (std::thread& thread : crew->threads) thread.join();
    crew->threads.clear();
  }
}

void Sender::Dispatch() {
  uint64_t seen = 0;
  while (true) {
    // Without them, it might claim what it is sending already.
    const Round round = KeepClaims() ? DispatchOnce() : Round();
    absl::MutexLock lock(&mutex_);
    if (stopping_) return;
    // A place that became free during the round may be what it lacked.
    const bool again = round.claimed_any || (round.left_some && left_ != seen);
    wants_place_ = round.left_some;
    dispatcher_wake_.WaitWithTimeout(&mutex_, again ? kBusyPause : options_.poll_interval);
    wants_place_ = false;
    seen = left_;
    if (stopping_) return;
  }
}

bool Sender::KeepClaims() {
  const absl::Time now = parts_.clock.Now();
  if (now < renew_time_) return true;
  if (!RenewClaims()) return false;
  renew_time_ = now + options_.lease / kRenewalsPerLease;
  return true;
}

bool Sender::RenewClaims() {
  std::vector<Held> held;
  {
    absl::MutexLock lock(&mutex_);
    for (const auto& [tenant, claims] : held_) held.push_back(claims);
  }
  bool all = true;
  for (const Held& claims : held) {
    const std::vector<Uuid> ids(claims.messages.begin(), claims.messages.end());
    all &= parts_.outbox.Renew(claims.scope, owner_, ids, options_.lease).ok();
  }
  return all;
}

Sender::Round Sender::DispatchOnce() {
  Round round;
  const absl::StatusOr<std::vector<tenants::TenantEntry>> due =
      directory_.WithDueMessages(parts_.clock.Now(), kMaxTenants);
  NoteDirectory(due.status());
  if (!due.ok() || due->empty()) return round;
  // Another one first each time: where places are few, all get some.
  const std::size_t first = turn_++ % due->size();
  for (std::size_t i = 0; i < due->size(); ++i) DispatchFor((*due)[(first + i) % due->size()], round);
  return round;
}

void Sender::DispatchFor(const tenants::TenantEntry& tenant, Round& round) {
  const absl::StatusOr<std::shared_ptr<const settings::TenantSettings>> settings = parts_.settings.Get(tenant.scope);
  if (!settings.ok()) return;
  for (const std::unique_ptr<Crew>& crew : crews_) {
    const Lane lane{.channel = crew->channel,
                    .tenant = tenant.scope.tenant(),
                    .destination = parts_.channels.Of(crew->channel)->Destination((*settings)->channels)};
    const absl::Time now = parts_.clock.Now();
    const int places = std::min(kMaxClaim, lanes_.Free(lane, now));
    if (places == 0) {
      round.left_some = true;
      continue;
    }
    absl::StatusOr<std::vector<ClaimedMessage>> claimed = parts_.outbox.Claim(
        tenant.scope,
        {.channel = crew->channel, .owner = owner_, .lease = options_.lease, .now = now, .limit = places});
    if (!claimed.ok() || claimed->empty()) continue;
    round.claimed_any = true;
    Hand(*crew, tenant, lane, *std::move(claimed));
  }
}

void Sender::Hand(Crew& crew, const tenants::TenantEntry& tenant, const Lane& lane,
                  std::vector<ClaimedMessage> messages) {
  absl::MutexLock lock(&mutex_);
  for (ClaimedMessage& message : messages) {
    lanes_.Enter(lane);
    held_.try_emplace(tenant.scope.tenant(), Held{.scope = tenant.scope, .messages = {}})
        .first->second.messages.insert(message.id);
    crew.waiting.push_back({.tenant = tenant, .lane = lane, .message = std::move(message)});
    crew.wake.Signal();
  }
}

void Sender::Work(Crew& crew) {
  while (std::optional<Task> task = Take(crew)) {
    const Uuid id = task->message.id;
    const Delivery::End end = delivery_.Deliver(task->tenant, std::move(task->message));
    const Lanes::Reply reply = end == Delivery::End::kUnreached ? Lanes::Reply::kNone : Lanes::Reply::kSome;
    lanes_.Leave(task->lane, reply, parts_.clock.Now());
    LetGo(task->tenant.scope.tenant(), id);
  }
}

void Sender::LetGo(const TenantId& tenant, const Uuid& message) {
  absl::MutexLock lock(&mutex_);
  ++left_;
  const auto held = held_.find(tenant);
  held->second.messages.erase(held->second.messages.find(message));
  if (held->second.messages.empty()) held_.erase(held);
  if (held_.empty()) all_done_.Signal();
  if (wants_place_) dispatcher_wake_.Signal();
}

std::optional<Sender::Task> Sender::Take(Crew& crew) {
  absl::MutexLock lock(&mutex_);
  while (crew.waiting.empty() && !crews_may_go_) crew.wake.Wait(&mutex_);
  if (crew.waiting.empty()) return std::nullopt;
  Task task = std::move(crew.waiting.front());
  crew.waiting.pop_front();
  return task;
}

// Once when it starts to fail, not twice a second.
void Sender::NoteDirectory(const absl::Status& status) {
  if (!status.ok() && !directory_failed_) {
    Log(LogLevel::kWarning, "the outbox cannot be read", {{"error", std::string(status.message())}});
  }
  directory_failed_ = !status.ok();
}

}  // namespace canvass::distribution
