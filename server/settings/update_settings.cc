#include "server/settings/update_settings.h"

#include "absl/strings/str_cat.h"
#include "server/base/aip/field_mask.h"
#include "server/base/error.h"
#include "server/base/status_macros.h"
#include "server/settings/settings.h"

namespace canvass::settings {
namespace {

constexpr absl::string_view kPolicyFields[] = {"frequency_caps", "quiet_hours", "daily_limit", "consent_required",
                                               "event_retention"};
constexpr absl::string_view kChannelFields[] = {"brand", "email", "webhook", "sms"};

absl::Status CheckEtag(absl::string_view field, absl::string_view sent, absl::string_view current) {
  if (sent.empty() || sent == current) return absl::OkStatus();
  return Error(absl::StatusCode::kAborted, v1::ERROR_REASON_ETAG_MISMATCH,
               absl::StrCat(field,
                            ".etag is not the current one: somebody else changed the settings; read them again, "
                            "then change them"));
}

}  // namespace

absl::StatusOr<v1::ContactPolicy> UpdateContactPolicy(SettingsStore& store, SettingsCatalog& catalog,
                                                      const Clock& clock, const TenantScope& scope,
                                                      const v1::UpdateContactPolicyRequest& request) {
  const v1::ContactPolicy& sent = request.contact_policy();
  CANVASS_RETURN_IF_ERROR(CheckPolicyName(scope, "contact_policy.name", sent.name()));
  absl::StatusOr<v1::ContactPolicy> changed =
      store.ChangePolicy(scope, clock.Now(), [&](v1::ContactPolicy& policy) -> absl::Status {
        CANVASS_RETURN_IF_ERROR(CheckEtag("contact_policy", sent.etag(), policy.etag()));
        CANVASS_RETURN_IF_ERROR(ApplyFieldMask(request.update_mask(), kPolicyFields, sent, policy));
        return NormalizePolicy(policy);
      });
  catalog.Forget(scope);
  return changed;
}

absl::StatusOr<v1::ChannelSettings> UpdateChannelSettings(SettingsStore& store, SettingsCatalog& catalog,
                                                          const Clock& clock, Random& random, const TenantScope& scope,
                                                          const v1::UpdateChannelSettingsRequest& request) {
  const v1::ChannelSettings& sent = request.channel_settings();
  CANVASS_RETURN_IF_ERROR(CheckChannelsName(scope, "channel_settings.name", sent.name()));
  absl::StatusOr<v1::ChannelSettings> changed =
      store.ChangeChannels(scope, clock.Now(), [&](v1::ChannelSettings& channels) -> absl::Status {
        CANVASS_RETURN_IF_ERROR(CheckEtag("channel_settings", sent.etag(), channels.etag()));
        const v1::ChannelSettings stored = channels;
        CANVASS_RETURN_IF_ERROR(ApplyFieldMask(request.update_mask(), kChannelFields, sent, channels));
        return NormalizeChannels(stored, random, channels);
      });
  catalog.Forget(scope);
  if (changed.ok()) HideSecrets(*changed);
  return changed;
}

}  // namespace canvass::settings
