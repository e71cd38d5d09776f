// Removes events that are older than their tenant keeps them (ContactPolicy.event_retention, by the event's time), with
// what was judged and decided on them and what they count for in CountDecisions. Invitations and responses stay.
//
//   EventRetention retention(parts, {});      // removes from now on, every hour
//   retention.Stop();
//
// Every server has one; a lease for each tenant lets one of them at a time at its events. What is removed goes in small
// transactions, so that nobody waits for it. An event that is sent again after it was removed is a new one.
//
// Thread-safe; Stop() belongs to one thread.
#ifndef CANVASS_SERVER_EVENTS_EVENT_RETENTION_H_
#define CANVASS_SERVER_EVENTS_EVENT_RETENTION_H_

#include <cstdint>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/base/clock.h"
#include "server/base/random.h"
#include "server/base/tenant_scope.h"
#include "server/mysql/database.h"
#include "server/settings/settings_catalog.h"
#include "tenants/tenant_store.h"

namespace canvass::events {

// All outlive the retention.
struct RetentionParts {
  mysql::Database& database;
  tenants::TenantStore& tenants;
  settings::SettingsCatalog& settings;
  const Clock& clock;
  Random& random;
};

struct RetentionOptions {
  absl::Duration interval = absl::Hours(1);
  // Events, or rows of counts, that one transaction removes; at most 512.
  int batch = 200;
  // Between two transactions.
  absl::Duration pause = absl::Milliseconds(20);
};

class EventRetention {
 public:
  EventRetention(const RetentionParts& parts, const RetentionOptions& options);
  ~EventRetention();
  EventRetention(const EventRetention&) = delete;
  EventRetention& operator=(const EventRetention&) = delete;

  // Ends after the transaction that runs, and joins the thread. What is left is for the next time.
  void Stop();

 private:
  void Run();
  absl::Status VisitAll();
  absl::Status Visit(const TenantScope& scope);
  absl::StatusOr<bool> Claim(const TenantScope& scope);
  // Waits; true if it is time to stop.
  bool Rest(absl::Duration time);

  const RetentionParts parts_;
  const RetentionOptions options_;
  const std::string owner_;
  absl::Mutex mutex_;
  absl::CondVar wake_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

// Removes at most `limit` events of before `end`, the oldest first, with their decisions. Returns how many.
absl::StatusOr<int64_t> RemoveEventsBefore(mysql::Database& database, const TenantScope& scope, absl::Time end,
                                           int limit);

}  // namespace canvass::events

#endif  // CANVASS_SERVER_EVENTS_EVENT_RETENTION_H_
