#include "tenants/keys/api_key.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/base/text/characters.h"
#include "tenants/keys/credential.h"

namespace canvass::tenants {
namespace {

constexpr absl::Duration kDefaultOverlap = absl::Hours(24);
constexpr absl::Duration kMaxOverlap = absl::Hours(30 * 24);
// Where Timestamp ends.
constexpr absl::string_view kLastTime = "9999-12-31T23:59:59Z";

bool IsRole(v1::ApiKey::Role role) { return v1::ApiKey::Role_IsValid(role) && role != v1::ApiKey::ROLE_UNSPECIFIED; }

bool IsTimestamp(const google::protobuf::Timestamp& time) {
  static const absl::Time last = [] {
    absl::Time parsed;
    absl::ParseTime(absl::RFC3339_full, kLastTime, &parsed, nullptr);
    return parsed;
  }();
  return time.nanos() >= 0 && time.nanos() < 1'000'000'000 && FromProto(time) <= last;
}

}  // namespace

absl::Status ValidateNewKey(const v1::ApiKey& key, absl::Time now) {
  Violations violations;
  CheckDisplayName("api_key.display_name", key.display_name(), violations);
  if (!IsRole(key.role())) {
    violations.Add("api_key.role", "must be ROLE_ADMIN, ROLE_EDITOR, ROLE_ANALYST or ROLE_INGEST");
  }
  if (key.has_expire_time() && (!IsTimestamp(key.expire_time()) || FromProto(key.expire_time()) <= now)) {
    violations.Add("api_key.expire_time", "must be in the future; leave it out for a key that never expires");
  }
  return violations.ToStatus(v1::ERROR_REASON_INVALID_FIELD);
}

absl::StatusOr<std::string> ParseKeyName(const TenantScope& scope, absl::string_view name) {
  CANVASS_ASSIGN_OR_RETURN(std::string id, ParseChild(scope, "apiKeys", "name", name));
  if (IsKeyId(id)) return id;
  return Error(absl::StatusCode::kNotFound, v1::ERROR_REASON_RESOURCE_NOT_FOUND,
               absl::StrCat("API key '", absl::CHexEscape(id), "' does not exist"));
}

absl::StatusOr<absl::Duration> RotationOverlap(const v1::RotateApiKeyRequest& request) {
  if (!request.has_overlap()) return kDefaultOverlap;
  const absl::Duration overlap = FromProto(request.overlap());
  if (overlap >= absl::ZeroDuration() && overlap <= kMaxOverlap) return overlap;
  return FieldError(v1::ERROR_REASON_INVALID_FIELD, "overlap",
                    absl::StrCat(absl::FormatDuration(overlap), " is not between 0 and 30 days"));
}

absl::StatusOr<v1::ApiKey> RotateKey(v1::ApiKey& old_key, absl::Duration overlap, absl::Time now) {
  const bool expired = old_key.has_expire_time() && FromProto(old_key.expire_time()) <= now;
  if (old_key.has_revoke_time() || expired) {
    return FieldError(
        v1::ERROR_REASON_INVALID_FIELD, "name",
        absl::StrCat("the key ", expired ? "has expired" : "was revoked", "; make a new one with CreateApiKey"));
  }
  v1::ApiKey new_key;
  new_key.set_display_name(old_key.display_name());
  new_key.set_role(old_key.role());
  absl::Time old_end = now + overlap;
  if (old_key.has_expire_time()) {
    const absl::Time given_end = FromProto(old_key.expire_time());
    *new_key.mutable_expire_time() = ToProto(now + (given_end - FromProto(old_key.create_time())));
    old_end = std::min(old_end, given_end);
  }
  *old_key.mutable_expire_time() = ToProto(old_end);
  return new_key;
}

}  // namespace canvass::tenants
