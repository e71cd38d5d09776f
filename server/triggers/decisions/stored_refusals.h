// The decisions that lie with their events, for the streams that push them.
// Thread-safe; calls block. The stores must outlive it.
#ifndef CANVASS_SERVER_TRIGGERS_DECISIONS_STORED_REFUSALS_H_
#define CANVASS_SERVER_TRIGGERS_DECISIONS_STORED_REFUSALS_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/distribution/watching/refusal_source.h"
#include "server/triggers/trigger_store.h"

namespace canvass::triggers {

class StoredRefusals : public distribution::RefusalSource {
 public:
  explicit StoredRefusals(TriggerStore& triggers) : triggers_(triggers) {}

  absl::StatusOr<std::vector<distribution::ChangePosition>> ListStored(const TenantScope& scope,
                                                                       const distribution::ChangePosition& after,
                                                                       absl::Time until, int limit) override;
  absl::StatusOr<std::vector<distribution::EventRefusals>> Read(const TenantScope& scope,
                                                                absl::Span<const Uuid> events) override;

 private:
  TriggerStore& triggers_;
};

}  // namespace canvass::triggers

#endif  // CANVASS_SERVER_TRIGGERS_DECISIONS_STORED_REFUSALS_H_
