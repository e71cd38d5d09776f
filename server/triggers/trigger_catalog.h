// Every tenant's triggers by the type of event they decide on, kept as TenantCache keeps things, so that taking in
// events does not read them each time.
//
//   CANVASS_ASSIGN_OR_RETURN(std::shared_ptr<const TenantTriggers> triggers, catalog.Get(scope));
//   for (const ActiveTrigger& trigger : triggers->Of(event.type())) …
//
// Thread-safe; Get blocks when it has to read.
#ifndef CANVASS_SERVER_TRIGGERS_TRIGGER_CATALOG_H_
#define CANVASS_SERVER_TRIGGERS_TRIGGER_CATALOG_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "canvass/v1/trigger.pb.h"
#include "server/base/clock.h"
#include "server/base/ids.h"
#include "server/base/tenant_cache.h"
#include "server/base/tenant_scope.h"
#include "server/triggers/trigger_store.h"

namespace canvass::triggers {

// One trigger with what its decisions need, unpacked.
struct ActiveTrigger {
  TriggerId id;
  int64_t revision = 0;
  SurveyId survey;
  v1::Trigger trigger;
  absl::Duration delay;
  absl::Duration lifetime;
  // How late an invitation may leave; infinite without a max_lateness.
  absl::Duration max_lateness;
  // For explanations: the condition as text, and the fields that it looks at.
  std::string condition_text;
  std::vector<std::string> fields;
};

// Whether its condition looks at `history.*`.
bool LooksAtHistory(const ActiveTrigger& trigger);

ActiveTrigger Unpack(v1::Trigger trigger, int64_t revision);

// The triggers of one tenant at one moment. Immutable.
class TenantTriggers {
 public:
  explicit TenantTriggers(std::vector<ActiveTrigger> triggers);
  // The triggers that decide on events of `type`, paused ones too, in the order in which they are asked: by priority,
  // the higher first, then by id.
  absl::Span<const ActiveTrigger> Of(absl::string_view type) const;
  // Whether the condition of one of them looks at `history.*`.
  bool LooksAtHistory(absl::string_view type) const;
  // Null if there is no such trigger. Valid as long as this.
  const ActiveTrigger* Find(const TriggerId& id) const;
  // The surveys that any of them asks, each once.
  std::vector<SurveyId> Surveys() const;

 private:
  struct OfType {
    std::vector<ActiveTrigger> triggers;
    bool looks_at_history = false;
  };
  absl::flat_hash_map<std::string, OfType> by_type_;
};

class TriggerCatalog {
 public:
  TriggerCatalog(TriggerStore& store, const Clock& clock) : store_(store), cache_(clock) {}

  absl::StatusOr<std::shared_ptr<const TenantTriggers>> Get(const TenantScope& scope);
  // Call after every committed write.
  void Forget(const TenantScope& scope) { cache_.Forget(scope); }

 private:
  TriggerStore& store_;
  TenantCache<TenantTriggers> cache_;
};

}  // namespace canvass::triggers

#endif  // CANVASS_SERVER_TRIGGERS_TRIGGER_CATALOG_H_
