#include "server/rpc/orchestration/settings_service.h"

#include "canvass/v1/settings_service.pb.h"
#include "server/settings/get_settings.h"
#include "server/settings/update_settings.h"

namespace canvass::rpc {

std::unique_ptr<RpcService> MakeSettingsService(CallPipeline& pipeline, const Rooms& rooms) {
  auto service = std::make_unique<RpcService>("canvass.v1.SettingsService", pipeline);
  service->Blocking<v1::GetContactPolicyRequest>("GetContactPolicy", [&rooms](const Call& call, const auto& request) {
    return settings::GetContactPolicy(rooms.settings, call.scope(), request);
  });
  service->Blocking<v1::UpdateContactPolicyRequest>("UpdateContactPolicy", [&rooms](const Call& call,
                                                                                    const auto& request) {
    return settings::UpdateContactPolicy(rooms.settings, rooms.settings_catalog, rooms.clock, call.scope(), request);
  });
  service->Blocking<v1::GetChannelSettingsRequest>(
      "GetChannelSettings", [&rooms](const Call& call, const auto& request) {
        return settings::GetChannelSettings(rooms.settings, call.scope(), request);
      });
  service->Blocking<v1::UpdateChannelSettingsRequest>(
      "UpdateChannelSettings", [&rooms](const Call& call, const auto& request) {
        return settings::UpdateChannelSettings(rooms.settings, rooms.settings_catalog, rooms.clock, rooms.random,
                                               call.scope(), request);
      });
  return service;
}

}  // namespace canvass::rpc
