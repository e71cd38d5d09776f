#include "server/settings/settings_catalog.h"

#include "server/base/status_macros.h"

namespace canvass::settings {

absl::StatusOr<std::shared_ptr<const TenantSettings>> SettingsCatalog::Get(const TenantScope& scope) {
  return cache_.Get(scope, [&]() -> absl::StatusOr<TenantSettings> {
    TenantSettings settings;
    CANVASS_ASSIGN_OR_RETURN(settings.policy, store_.GetPolicy(scope));
    CANVASS_ASSIGN_OR_RETURN(settings.channels, store_.GetChannels(scope));
    return settings;
  });
}

}  // namespace canvass::settings
