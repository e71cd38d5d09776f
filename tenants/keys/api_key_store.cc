#include "tenants/keys/api_key_store.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "tenants/scope_mint.h"

namespace canvass::tenants {
namespace {

constexpr char kSelect[] = "SELECT key_id, role, expire_time, revoke_time, create_time, payload FROM api_keys ";

void AddExpireTime(mysql::Params& params, const v1::ApiKey& key) {
  if (key.has_expire_time()) {
    params.Add(FromProto(key.expire_time()));
  } else {
    params.AddNull();
  }
}

absl::StatusOr<v1::ApiKey> ReadKey(const TenantScope& scope, const mysql::Row& row) {
  v1::ApiKey key;
  if (!key.ParseFromString(row.String(5))) return absl::InternalError("the payload of an API key cannot be read");
  key.set_name(ResourceName(scope.tenant(), {"apiKeys", row.String(0)}));
  key.set_role(static_cast<v1::ApiKey::Role>(row.Int(1)));
  if (!row.IsNull(2)) *key.mutable_expire_time() = ToProto(row.Time(2));
  if (!row.IsNull(3)) *key.mutable_revoke_time() = ToProto(row.Time(3));
  *key.mutable_create_time() = ToProto(row.Time(4));
  return key;
}

// NotFound if the tenant has no such key.
absl::StatusOr<v1::ApiKey> SelectKey(mysql::Transaction& tx, const TenantScope& scope, absl::string_view key_id,
                                     absl::string_view lock) {
  mysql::Params params;
  params.Add(scope.tenant()).Add(key_id);
  CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows,
                           tx.Query(absl::StrCat(kSelect, "WHERE tenant_id = ? AND key_id = ?", lock), params));
  if (rows.empty()) {
    return Error(absl::StatusCode::kNotFound, v1::ERROR_REASON_RESOURCE_NOT_FOUND,
                 absl::StrCat("API key '", absl::CHexEscape(key_id), "' does not exist"));
  }
  return ReadKey(scope, rows[0]);
}

absl::Status InsertKey(mysql::Transaction& tx, const TenantScope& scope, const NewCredential& credential,
                       const v1::ApiKey& key, absl::Time create_time) {
  // What the columns do not hold.
  v1::ApiKey rest;
  rest.set_display_name(key.display_name());
  mysql::Params params;
  params.Add(scope.tenant()).Add(credential.key_id).Add(credential.mac).Add(static_cast<int>(key.role()));
  AddExpireTime(params, key);
  params.Add(create_time).Add(rest.SerializeAsString());
  return tx
      .Execute(
          "INSERT INTO api_keys (tenant_id, key_id, secret_hmac, role, expire_time, create_time, payload) "
          "VALUES (?,?,?,?,?,?,?)",
          params)
      .status();
}

}  // namespace

absl::StatusOr<std::optional<KeyRecord>> ApiKeyStore::Find(absl::string_view key_id) {
  std::optional<KeyRecord> record;
  CANVASS_RETURN_IF_ERROR(database_.System([&](mysql::Transaction& tx) -> absl::Status {
    mysql::Params params;
    params.Add(key_id);
    CANVASS_ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        tx.Query("SELECT k.tenant_id, k.secret_hmac, k.role, k.expire_time, k.revoke_time, t.state, t.time_zone "
                 "FROM api_keys k JOIN tenants t ON t.tenant_id = k.tenant_id WHERE k.key_id = ?",
                 params));
    record.reset();
    if (rows.empty()) return absl::OkStatus();
    const mysql::Row& row = rows[0];
    absl::TimeZone zone;
    if (!absl::LoadTimeZone(row.String(6), &zone)) {
      return absl::InternalError(absl::StrCat("time zone '", row.String(6), "' of tenant '", row.String(0),
                                              "' cannot be loaded; is the time zone database installed?"));
    }
    record = KeyRecord{.scope = ScopeMint::Mint(TenantId(row.String(0)), zone),
                       .tenant_state = static_cast<v1::Tenant::State>(row.Int(5)),
                       .role = static_cast<v1::ApiKey::Role>(row.Int(2)),
                       .mac = row.String(1),
                       .expire_time = row.IsNull(3) ? absl::InfiniteFuture() : row.Time(3),
                       .revoked = !row.IsNull(4)};
    return absl::OkStatus();
  }));
  return record;
}

absl::StatusOr<v1::ApiKey> ApiKeyStore::Insert(const TenantScope& scope, const NewCredential& credential,
                                               const v1::ApiKey& key, absl::Time create_time) {
  absl::StatusOr<v1::ApiKey> stored;
  CANVASS_RETURN_IF_ERROR(database_.Write(scope, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_RETURN_IF_ERROR(InsertKey(tx, scope, credential, key, create_time));
    stored = SelectKey(tx, scope, credential.key_id, "");
    return stored.status();
  }));
  return stored;
}

absl::StatusOr<v1::ApiKey> ApiKeyStore::Get(const TenantScope& scope, absl::string_view key_id) {
  absl::StatusOr<v1::ApiKey> key;
  CANVASS_RETURN_IF_ERROR(database_.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    key = SelectKey(tx, scope, key_id, "");
    return key.status();
  }));
  return key;
}

absl::StatusOr<std::vector<v1::ApiKey>> ApiKeyStore::List(const TenantScope& scope, absl::string_view after,
                                                          int limit) {
  std::vector<v1::ApiKey> keys;
  CANVASS_RETURN_IF_ERROR(database_.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    mysql::Params params;
    params.Add(scope.tenant()).Add(after).Add(limit);
    CANVASS_ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        tx.Query(absl::StrCat(kSelect, "WHERE tenant_id = ? AND key_id > ? ORDER BY key_id LIMIT ?"), params));
    keys.clear();
    for (const mysql::Row& row : rows) {
      CANVASS_ASSIGN_OR_RETURN(v1::ApiKey key, ReadKey(scope, row));
      keys.push_back(std::move(key));
    }
    return absl::OkStatus();
  }));
  return keys;
}

absl::StatusOr<ApiKeyStore::Replacement> ApiKeyStore::Replace(
    const TenantScope& scope, absl::string_view key_id, const NewCredential& credential, absl::Time create_time,
    absl::FunctionRef<absl::StatusOr<v1::ApiKey>(v1::ApiKey&)> change) {
  Replacement replacement;
  CANVASS_RETURN_IF_ERROR(database_.Write(scope, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(v1::ApiKey old_key, SelectKey(tx, scope, key_id, " FOR UPDATE"));
    CANVASS_ASSIGN_OR_RETURN(const v1::ApiKey new_key, change(old_key));
    mysql::Params params;
    AddExpireTime(params, old_key);
    params.Add(scope.tenant()).Add(key_id);
    CANVASS_RETURN_IF_ERROR(
        tx.Execute("UPDATE api_keys SET expire_time = ? WHERE tenant_id = ? AND key_id = ?", params).status());
    CANVASS_RETURN_IF_ERROR(InsertKey(tx, scope, credential, new_key, create_time));
    CANVASS_ASSIGN_OR_RETURN(replacement.new_key, SelectKey(tx, scope, credential.key_id, ""));
    CANVASS_ASSIGN_OR_RETURN(replacement.replaced_key, SelectKey(tx, scope, key_id, ""));
    return absl::OkStatus();
  }));
  return replacement;
}

absl::StatusOr<v1::ApiKey> ApiKeyStore::Revoke(const TenantScope& scope, absl::string_view key_id,
                                               absl::Time revoke_time) {
  absl::StatusOr<v1::ApiKey> key;
  CANVASS_RETURN_IF_ERROR(database_.Write(scope, [&](mysql::Transaction& tx) -> absl::Status {
    mysql::Params params;
    params.Add(revoke_time).Add(scope.tenant()).Add(key_id);
    CANVASS_RETURN_IF_ERROR(
        tx.Execute("UPDATE api_keys SET revoke_time = COALESCE(revoke_time, ?) WHERE tenant_id = ? AND key_id = ?",
                   params)
            .status());
    key = SelectKey(tx, scope, key_id, "");
    return key.status();
  }));
  return key;
}

}  // namespace canvass::tenants
