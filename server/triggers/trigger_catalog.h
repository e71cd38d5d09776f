// Every tenant's triggers by the type of event they decide on, kept for a few seconds so that taking in events does not
// read them each time. A write on another server is seen within kMaxAge, a local one at once.
//
//   CANVASS_ASSIGN_OR_RETURN(std::shared_ptr<const TenantTriggers> triggers, catalog.Get(scope));
//   for (const ActiveTrigger& trigger : triggers->Of(event.type())) …
//
// Thread-safe; Get blocks when it has to read.
#ifndef CANVASS_SERVER_TRIGGERS_TRIGGER_CATALOG_H_
#define CANVASS_SERVER_TRIGGERS_TRIGGER_CATALOG_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "canvass/v1/trigger.pb.h"
#include "server/base/clock.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/triggers/trigger_store.h"

namespace canvass::triggers {

// One trigger with what its decisions need, unpacked.
struct ActiveTrigger {
  TriggerId id;
  SurveyId survey;
  v1::Trigger trigger;
  absl::Duration delay;
  absl::Duration lifetime;
  // For explanations: the condition as text, and the fields that it looks at.
  std::string condition_text;
  std::vector<std::string> fields;
};

ActiveTrigger Unpack(v1::Trigger trigger);

// The triggers of one tenant at one moment. Immutable.
class TenantTriggers {
 public:
  // `triggers` sorted by id.
  explicit TenantTriggers(std::vector<ActiveTrigger> triggers);
  // The triggers that decide on events of `type`, paused ones too, by id.
  absl::Span<const ActiveTrigger> Of(absl::string_view type) const;

 private:
  absl::flat_hash_map<std::string, std::vector<ActiveTrigger>> by_type_;
};

class TriggerCatalog {
 public:
  // How old what Get returns may be.
  static constexpr absl::Duration kMaxAge = absl::Seconds(4);
  // How many tenants are kept. Beyond, the cache starts anew: what it held is read again within kMaxAge anyway.
  static constexpr std::size_t kMaxTenants = 10'000;

  TriggerCatalog(TriggerStore& store, const Clock& clock) : store_(store), clock_(clock) {}

  absl::StatusOr<std::shared_ptr<const TenantTriggers>> Get(const TenantScope& scope);
  // Call after every committed write.
  void Forget(const TenantScope& scope);

 private:
  struct Entry {
    std::shared_ptr<const TenantTriggers> triggers;
    absl::Time load_time;
  };

  absl::StatusOr<std::shared_ptr<const TenantTriggers>> Load(const TenantScope& scope);
  void Keep(const TenantId& tenant, Entry entry, uint64_t generation);

  TriggerStore& store_;
  const Clock& clock_;
  absl::Mutex mutex_;
  absl::flat_hash_map<TenantId, Entry> entries_ ABSL_GUARDED_BY(mutex_);
  // Grows with every Forget: what was read before it is not kept.
  uint64_t generation_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace canvass::triggers

#endif  // CANVASS_SERVER_TRIGGERS_TRIGGER_CATALOG_H_
