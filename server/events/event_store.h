// The rows of events. An event's key is a digest of its source and id, so the primary key itself refuses a duplicate.
// Thread-safe; calls block.
#ifndef CANVASS_SERVER_EVENTS_EVENT_STORE_H_
#define CANVASS_SERVER_EVENTS_EVENT_STORE_H_

#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "canvass/v1/event.pb.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/events/event.h"
#include "server/mysql/database.h"

namespace canvass::events {

// What the table holds under a key.
struct StoredEvent {
  std::string content_digest;
  Uuid batch;  // the call that stored it
};

// An event to be stored, with what triggers made of it.
struct EventRow {
  const PreparedEvent* event;
  // Whose it is: its subject, or the contact into which that was merged.
  ContactId contact;
  // A stored.v1.EventVerdicts; empty if no trigger looked at it.
  std::string verdicts;
};

struct EventPosition {
  absl::Time event_time;
  Uuid key;
};

struct EventFilter {
  std::optional<ContactId> contact;
  absl::Time start = absl::InfinitePast();
  absl::Time end = absl::InfiniteFuture();
};

class EventStore {
 public:
  explicit EventStore(mysql::Database& database) : database_(database) {}

  mysql::Database& database() { return database_; }

  // Whether publishers have lately sent what is stored already. Then looking first costs less than an INSERT in vain,
  // else the INSERT alone: a hint, for all tenants together.
  bool meets_known() const { return meets_known_.load(std::memory_order_relaxed); }
  void set_meets_known(bool meets) { meets_known_.store(meets, std::memory_order_relaxed); }

  // Which of `keys` the table holds. Events are never changed, so that stays true.
  absl::StatusOr<absl::flat_hash_map<Uuid, StoredEvent>> Find(mysql::Transaction& tx, const TenantScope& scope,
                                                              absl::Span<const Uuid> keys);
  // Inserts `rows`, best sorted by key, under `batch`. Waits for other transactions that are inserting the same ones:
  // AlreadyExists with IsDuplicateKey once one of them has; then this one can only be undone.
  absl::Status Insert(mysql::Transaction& tx, const TenantScope& scope, absl::Span<const EventRow> rows,
                      const Uuid& batch, absl::Time receive_time);

  // NotFound, EVENT_NOT_FOUND, if there is none.
  absl::StatusOr<v1::Event> Get(const TenantScope& scope, const Uuid& key);
  // The latest first, from behind `after`; at most `limit`.
  absl::StatusOr<std::vector<v1::Event>> List(const TenantScope& scope, const EventFilter& filter,
                                              const std::optional<EventPosition>& after, int limit);

 private:
  mysql::Database& database_;
  std::atomic<bool> meets_known_{false};
};

}  // namespace canvass::events

#endif  // CANVASS_SERVER_EVENTS_EVENT_STORE_H_
