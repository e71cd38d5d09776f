// SettingsService.GetContactPolicy and GetChannelSettings. They block.
#ifndef CANVASS_SERVER_SETTINGS_GET_SETTINGS_H_
#define CANVASS_SERVER_SETTINGS_GET_SETTINGS_H_

#include "absl/status/statusor.h"
#include "canvass/v1/settings_service.pb.h"
#include "server/base/tenant_scope.h"
#include "server/settings/settings_store.h"

namespace canvass::settings {

// InvalidArgument (INVALID_RESOURCE_NAME); NotFound (RESOURCE_NOT_FOUND) for another tenant; errors of the store.
absl::StatusOr<v1::ContactPolicy> GetContactPolicy(SettingsStore& store, const TenantScope& scope,
                                                   const v1::GetContactPolicyRequest& request);
absl::StatusOr<v1::ChannelSettings> GetChannelSettings(SettingsStore& store, const TenantScope& scope,
                                                       const v1::GetChannelSettingsRequest& request);

}  // namespace canvass::settings

#endif  // CANVASS_SERVER_SETTINGS_GET_SETTINGS_H_
