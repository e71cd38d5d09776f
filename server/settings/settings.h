// The rules of a tenant's contact policy and channel settings. Pure, but for the secret that is made.
#ifndef CANVASS_SERVER_SETTINGS_SETTINGS_H_
#define CANVASS_SERVER_SETTINGS_SETTINGS_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "canvass/v1/settings.pb.h"
#include "server/base/random.h"
#include "server/base/tenant_scope.h"

namespace canvass::settings {

// `tenants/{tenant}/contactPolicy`, `tenants/{tenant}/channelSettings`.
std::string PolicyName(const TenantScope& scope);
std::string ChannelsName(const TenantScope& scope);

// Ok if `name` is the tenant's PolicyName or ChannelsName (`tenants/-/…` too). InvalidArgument (INVALID_RESOURCE_NAME)
// at `field` for another form, NotFound (RESOURCE_NOT_FOUND) for another tenant.
absl::Status CheckPolicyName(const TenantScope& scope, absl::string_view field, absl::string_view name);
absl::Status CheckChannelsName(const TenantScope& scope, absl::string_view field, absl::string_view name);

// Checks the policy and fills in its defaults. InvalidArgument (INVALID_SETTINGS) with every violation.
absl::Status NormalizePolicy(v1::ContactPolicy& policy);
// How long events are kept; nothing where they are kept for good.
std::optional<absl::Duration> EventRetentionOf(const v1::ContactPolicy& policy);

// Checks `channels`, as they are to be stored: secrets that are empty are taken from `stored`; a webhook that has none
// at all gets one, which stays in generated_secret as well. InvalidArgument (INVALID_SETTINGS) with every violation.
absl::Status NormalizeChannels(const v1::ChannelSettings& stored, Random& random, v1::ChannelSettings& channels);

// Takes the secrets away, but for generated_secret.
void HideSecrets(v1::ChannelSettings& channels);

// The default of Brand.color.
inline constexpr char kDefaultColor[] = "#1f5fbf";

}  // namespace canvass::settings

#endif  // CANVASS_SERVER_SETTINGS_SETTINGS_H_
