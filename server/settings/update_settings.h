// SettingsService.UpdateContactPolicy and UpdateChannelSettings. They block.
#ifndef CANVASS_SERVER_SETTINGS_UPDATE_SETTINGS_H_
#define CANVASS_SERVER_SETTINGS_UPDATE_SETTINGS_H_

#include "absl/status/statusor.h"
#include "canvass/v1/settings_service.pb.h"
#include "server/base/clock.h"
#include "server/base/random.h"
#include "server/base/tenant_scope.h"
#include "server/settings/settings_catalog.h"
#include "server/settings/settings_store.h"

namespace canvass::settings {

// InvalidArgument (INVALID_RESOURCE_NAME, INVALID_FIELD_MASK, INVALID_SETTINGS); NotFound (RESOURCE_NOT_FOUND) for
// another tenant; Aborted (ETAG_MISMATCH); errors of the store.
absl::StatusOr<v1::ContactPolicy> UpdateContactPolicy(SettingsStore& store, SettingsCatalog& catalog,
                                                      const Clock& clock, const TenantScope& scope,
                                                      const v1::UpdateContactPolicyRequest& request);
absl::StatusOr<v1::ChannelSettings> UpdateChannelSettings(SettingsStore& store, SettingsCatalog& catalog,
                                                          const Clock& clock, Random& random, const TenantScope& scope,
                                                          const v1::UpdateChannelSettingsRequest& request);

}  // namespace canvass::settings

#endif  // CANVASS_SERVER_SETTINGS_UPDATE_SETTINGS_H_
