// The rules of an API key. Pure.
#ifndef CANVASS_TENANTS_KEYS_API_KEY_H_
#define CANVASS_TENANTS_KEYS_API_KEY_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "canvass/v1/api_key.pb.h"
#include "canvass/v1/api_key_service.pb.h"
#include "server/base/tenant_scope.h"

namespace canvass::tenants {

// InvalidArgument (INVALID_FIELD) with every violation: display_name, role, expire_time.
absl::Status ValidateNewKey(const v1::ApiKey& key, absl::Time now);

// The id within `tenants/{tenant}/apiKeys/{key}`. Errors as ParseResourceName; NotFound (RESOURCE_NOT_FOUND) for what
// cannot be the id of a key.
absl::StatusOr<std::string> ParseKeyName(const TenantScope& scope, absl::string_view name);

// How long the old key works beside the new one. InvalidArgument (INVALID_FIELD) outside of 0 to 30 days.
absl::StatusOr<absl::Duration> RotationOverlap(const v1::RotateApiKeyRequest& request);

// What rotation makes of the old key: it expires `overlap` after `now`, unless it would have sooner. Returns the new
// key: same display name and role, and as long a life as the old one was given. InvalidArgument (INVALID_FIELD) if the
// old key was revoked or has expired: there is nothing to change over from.
absl::StatusOr<v1::ApiKey> RotateKey(v1::ApiKey& old_key, absl::Duration overlap, absl::Time now);

}  // namespace canvass::tenants

#endif  // CANVASS_TENANTS_KEYS_API_KEY_H_
