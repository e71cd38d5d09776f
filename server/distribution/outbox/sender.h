// Sends what is due in the outbox. One runs on every server, on all tenants; each message is sent by one of them.
//
//   Sender sender(parts, directory, options);      // sends from now on
//   sender.Stop(absl::Seconds(10));                // finishes what is on its way, gives the rest back
//
// One thread looks twice a second which tenants have messages due, and claims for each in turn a few, as many as may
// leave at once (see lanes.h). Each channel has its own threads to send them. What a process that died had claimed is
// sent by another one as soon as the lease has ended, under the same id.
//
// Thread-safe. Stop() belongs to one thread; the destructor calls it.
#ifndef CANVASS_SERVER_DISTRIBUTION_OUTBOX_SENDER_H_
#define CANVASS_SERVER_DISTRIBUTION_OUTBOX_SENDER_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/btree_map.h"
#include "absl/container/btree_set.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/distribution/outbox/delivery.h"
#include "server/distribution/outbox/lanes.h"
#include "tenants/tenant_directory.h"

namespace canvass::distribution {

struct SenderOptions {
  // As many threads a channel as its in_all. All mail goes to one relay.
  ChannelLimits email = {.in_all = 16, .per_tenant = 12, .per_destination = 16};
  ChannelLimits webhook = {.in_all = 32, .per_tenant = 8, .per_destination = 4};
  ChannelLimits sms = {.in_all = 8, .per_tenant = 4, .per_destination = 4};
  absl::Duration poll_interval = absl::Milliseconds(500);
  // How long the messages of a process that died are left alone. One that lives renews its claims three times in it.
  absl::Duration lease = absl::Seconds(15);
};

class Sender {
 public:
  // All of it must outlive the sender.
  Sender(const DeliveryParts& parts, tenants::TenantDirectory& directory, const SenderOptions& options);
  ~Sender();
  Sender(const Sender&) = delete;
  Sender& operator=(const Sender&) = delete;

  // Claims nothing more, waits up to `grace` for what is being sent, cuts off the rest, and joins the threads. Cut off,
  // a message is claimed by nobody, as if it had not been tried.
  void Stop(absl::Duration grace);

 private:
  struct Task {
    tenants::TenantEntry tenant;
    Lane lane;
    ClaimedMessage message;
  };
  // The threads of one channel. No more tasks wait than threads are free: Lanes sees to it.
  struct Crew {
    v1::Invitation::Channel channel;
    std::deque<Task> waiting;
    absl::CondVar wake;
    std::vector<std::thread> threads;
  };
  // What one look at the outbox found out.
  struct Round {
    bool claimed_any = false;
    bool left_some = false;  // for want of places
  };

  // The messages of one tenant that are claimed by this process; one twice that it claimed again after a lease ended.
  struct Held {
    TenantScope scope;
    absl::btree_multiset<Uuid> messages;
  };

  void Dispatch();
  Round DispatchOnce();
  // Renews the claims if it is time to. False if that failed.
  bool KeepClaims();
  bool RenewClaims();
  void DispatchFor(const tenants::TenantEntry& tenant, Round& round);
  void Hand(Crew& crew, const tenants::TenantEntry& tenant, const Lane& lane, std::vector<ClaimedMessage> messages);
  void Work(Crew& crew);
  void LetGo(const TenantId& tenant, const Uuid& message);
  // The next task; nothing once the crew may go.
  std::optional<Task> Take(Crew& crew);
  void NoteDirectory(const absl::Status& status);

  const DeliveryParts parts_;
  tenants::TenantDirectory& directory_;
  const SenderOptions options_;
  // Claims are made in this name.
  const std::string owner_;
  Delivery delivery_;
  Lanes lanes_;
  // Whose turn it is first; of the dispatching thread alone.
  std::size_t turn_ = 0;
  bool directory_failed_ = false;
  absl::Time renew_time_ = absl::InfinitePast();

  absl::Mutex mutex_;
  absl::CondVar dispatcher_wake_;
  absl::CondVar all_done_;
  std::vector<std::unique_ptr<Crew>> crews_;
  absl::btree_map<TenantId, Held> held_ ABSL_GUARDED_BY(mutex_);
  // How many messages have left their places.
  uint64_t left_ ABSL_GUARDED_BY(mutex_) = 0;
  // The dispatcher waits for a place rather than for time.
  bool wants_place_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool crews_may_go_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread dispatcher_;
};

}  // namespace canvass::distribution

#endif  // CANVASS_SERVER_DISTRIBUTION_OUTBOX_SENDER_H_
