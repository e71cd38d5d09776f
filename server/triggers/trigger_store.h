// The rows of triggers, and every revision that they had, which explain what was decided by them.
//
// Columns are authoritative for state, times and revision; the payload holds the content. The etag is the revision. It
// starts at the time of creation, so that a trigger deleted and created again does not repeat an old etag.
// Thread-safe; calls block.
#ifndef CANVASS_SERVER_TRIGGERS_TRIGGER_STORE_H_
#define CANVASS_SERVER_TRIGGERS_TRIGGER_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "canvass/v1/trigger.pb.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/mysql/database.h"

namespace canvass::triggers {

// What decides at one time, and under which of the trigger's revisions, counted from 1.
struct TriggerRevision {
  v1::Trigger trigger;
  int64_t revision = 0;
};

struct RevisionKey {
  TriggerId trigger;
  int64_t revision = 0;
  friend bool operator==(const RevisionKey&, const RevisionKey&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const RevisionKey& key) {
    return H::combine(std::move(h), key.trigger, key.revision);
  }
};

class TriggerStore {
 public:
  explicit TriggerStore(mysql::Database& database) : database_(database) {}

  mysql::Database& database() { return database_; }

  // Each fills in name, state, times and etag of the message it returns.

  // NotFound, TRIGGER_NOT_FOUND, if there is none.
  absl::StatusOr<v1::Trigger> Get(const TenantScope& scope, const TriggerId& id);
  // Triggers by id, from behind `after` (empty: from the first); at most `limit`.
  absl::StatusOr<std::vector<v1::Trigger>> List(const TenantScope& scope, const TriggerId& after, int limit);

  // The same with their revisions.
  absl::StatusOr<std::vector<TriggerRevision>> ListRevisions(const TenantScope& scope, const TriggerId& after,
                                                             int limit);
  // Triggers as they were under these revisions, with name and state; unknown ones are absent.
  absl::StatusOr<absl::flat_hash_map<RevisionKey, v1::Trigger>> GetRevisions(const TenantScope& scope,
                                                                             absl::Span<const RevisionKey> keys);

  // Reads and locks one row. None if it does not exist.
  absl::StatusOr<std::optional<v1::Trigger>> Lock(mysql::Transaction& tx, const TenantScope& scope,
                                                  const TriggerId& id);
  // Inserts an active trigger. AlreadyExists with IsDuplicateKey if the id is taken.
  absl::StatusOr<v1::Trigger> Insert(mysql::Transaction& tx, const TenantScope& scope, const TriggerId& id,
                                     const v1::Trigger& content, absl::Time now);
  // Writes content and state of a locked trigger under a new revision.
  absl::StatusOr<v1::Trigger> Update(mysql::Transaction& tx, const TenantScope& scope, const TriggerId& id,
                                     const v1::Trigger& trigger, absl::Time now);
  // Keeps the segment that a normalized trigger names, if it does, from being deleted before the transaction ends.
  // NotFound (SEGMENT_NOT_FOUND) if there is none of that name.
  absl::Status LockSegment(mysql::Transaction& tx, const TenantScope& scope, const v1::Trigger& trigger);
  // The id of the first trigger that names `segment`, `tenants/{tenant}/segments/{segment}`; empty if none does. Reads
  // all of the tenant's triggers.
  absl::StatusOr<std::string> FindOfSegment(mysql::Transaction& tx, const TenantScope& scope,
                                            absl::string_view segment);
  // NotFound, TRIGGER_NOT_FOUND, if there is none.
  absl::Status Delete(const TenantScope& scope, const TriggerId& id);

 private:
  mysql::Database& database_;
};

}  // namespace canvass::triggers

#endif  // CANVASS_SERVER_TRIGGERS_TRIGGER_STORE_H_
