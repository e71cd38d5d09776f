#include "server/settings/get_settings.h"

#include "server/base/status_macros.h"
#include "server/settings/settings.h"

namespace canvass::settings {

absl::StatusOr<v1::ContactPolicy> GetContactPolicy(SettingsStore& store, const TenantScope& scope,
                                                   const v1::GetContactPolicyRequest& request) {
  CANVASS_RETURN_IF_ERROR(CheckPolicyName(scope, "name", request.name()));
  CANVASS_ASSIGN_OR_RETURN(v1::ContactPolicy policy, store.GetPolicy(scope));
  CANVASS_RETURN_IF_ERROR(NormalizePolicy(policy));  // fills in the defaults of one that was never written
  return policy;
}

absl::StatusOr<v1::ChannelSettings> GetChannelSettings(SettingsStore& store, const TenantScope& scope,
                                                       const v1::GetChannelSettingsRequest& request) {
  CANVASS_RETURN_IF_ERROR(CheckChannelsName(scope, "name", request.name()));
  CANVASS_ASSIGN_OR_RETURN(v1::ChannelSettings channels, store.GetChannels(scope));
  HideSecrets(channels);
  return channels;
}

}  // namespace canvass::settings
