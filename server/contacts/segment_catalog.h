// Every tenant's segments, kept as TenantCache keeps things. Thread-safe; Get blocks when it has to read.
#ifndef CANVASS_SERVER_CONTACTS_SEGMENT_CATALOG_H_
#define CANVASS_SERVER_CONTACTS_SEGMENT_CATALOG_H_

#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "canvass/v1/segment.pb.h"
#include "server/base/clock.h"
#include "server/base/tenant_cache.h"
#include "server/base/tenant_scope.h"
#include "server/contacts/segment_store.h"

namespace canvass::contacts {

// By name, `tenants/{tenant}/segments/{segment}`.
using TenantSegments = absl::flat_hash_map<std::string, v1::Segment>;

class SegmentCatalog {
 public:
  SegmentCatalog(SegmentStore& store, const Clock& clock) : store_(store), cache_(clock) {}

  // Reads on a connection of its own: never call it inside a transaction. Errors as SegmentStore's.
  absl::StatusOr<std::shared_ptr<const TenantSegments>> Get(const TenantScope& scope);
  // Call after every committed write.
  void Forget(const TenantScope& scope) { cache_.Forget(scope); }

 private:
  SegmentStore& store_;
  TenantCache<TenantSegments> cache_;
};

}  // namespace canvass::contacts

#endif  // CANVASS_SERVER_CONTACTS_SEGMENT_CATALOG_H_
