// Every tenant's contact policy and channel settings, kept as TenantCache keeps things.
//
//   CANVASS_ASSIGN_OR_RETURN(std::shared_ptr<const TenantSettings> settings, catalog.Get(scope));
//   settings->policy.frequency_caps() …
//
// Thread-safe; Get blocks when it has to read.
#ifndef CANVASS_SERVER_SETTINGS_SETTINGS_CATALOG_H_
#define CANVASS_SERVER_SETTINGS_SETTINGS_CATALOG_H_

#include <memory>

#include "absl/status/statusor.h"
#include "canvass/v1/settings.pb.h"
#include "server/base/clock.h"
#include "server/base/tenant_cache.h"
#include "server/base/tenant_scope.h"
#include "server/settings/settings_store.h"

namespace canvass::settings {

// What holds for a tenant. What was never written is empty.
struct TenantSettings {
  v1::ContactPolicy policy;
  // With its secrets.
  v1::ChannelSettings channels;
};

class SettingsCatalog {
 public:
  SettingsCatalog(SettingsStore& store, const Clock& clock) : store_(store), cache_(clock) {}

  // Reads on a connection of its own: never call it inside a transaction. Errors as SettingsStore's.
  absl::StatusOr<std::shared_ptr<const TenantSettings>> Get(const TenantScope& scope);
  // Call after every committed write.
  void Forget(const TenantScope& scope) { cache_.Forget(scope); }

 private:
  SettingsStore& store_;
  TenantCache<TenantSettings> cache_;
};

}  // namespace canvass::settings

#endif  // CANVASS_SERVER_SETTINGS_SETTINGS_CATALOG_H_
