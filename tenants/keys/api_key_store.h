// The rows of API keys. A key is never deleted: a revoked one stays as the record that it existed.
//
// Thread-safe; calls block. Errors beside those named: as mysql::Database.
#ifndef CANVASS_TENANTS_KEYS_API_KEY_STORE_H_
#define CANVASS_TENANTS_KEYS_API_KEY_STORE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "canvass/v1/api_key.pb.h"
#include "canvass/v1/tenant.pb.h"
#include "server/base/tenant_scope.h"
#include "server/mysql/database.h"
#include "tenants/keys/credential.h"

namespace canvass::tenants {

// What authentication needs of a key and its tenant.
struct KeyRecord {
  TenantScope scope;
  v1::Tenant::State tenant_state;
  v1::ApiKey::Role role;
  std::string mac;
  absl::Time expire_time;  // InfiniteFuture: never
  bool revoked;
};

class ApiKeyStore {
 public:
  explicit ApiKeyStore(mysql::Database& database) : database_(database) {}

  // The key of that id, of whichever tenant; nullopt if there is none.
  absl::StatusOr<std::optional<KeyRecord>> Find(absl::string_view key_id);

  // Stores a new key: display_name, role and expire_time of `key`.
  // AlreadyExists (mysql::IsDuplicateKey) if the id is taken.
  absl::StatusOr<v1::ApiKey> Insert(const TenantScope& scope, const NewCredential& credential, const v1::ApiKey& key,
                                    absl::Time create_time);

  // NotFound (RESOURCE_NOT_FOUND) if the tenant has no such key.
  absl::StatusOr<v1::ApiKey> Get(const TenantScope& scope, absl::string_view key_id);

  // At most `limit` keys with ids behind `after`, by id.
  absl::StatusOr<std::vector<v1::ApiKey>> List(const TenantScope& scope, absl::string_view after, int limit);

  struct Replacement {
    v1::ApiKey new_key;
    v1::ApiKey replaced_key;
  };
  // In one transaction: runs `change` on the key `key_id`, locked; stores what it did to expire_time; inserts the key
  // that it returns under `credential`. NotFound, the error of `change`, or as Insert.
  absl::StatusOr<Replacement> Replace(const TenantScope& scope, absl::string_view key_id,
                                      const NewCredential& credential, absl::Time create_time,
                                      absl::FunctionRef<absl::StatusOr<v1::ApiKey>(v1::ApiKey&)> change);

  // Sets revoke_time unless it is set. NotFound as Get.
  absl::StatusOr<v1::ApiKey> Revoke(const TenantScope& scope, absl::string_view key_id, absl::Time revoke_time);

 private:
  mysql::Database& database_;
};

}  // namespace canvass::tenants

#endif  // CANVASS_TENANTS_KEYS_API_KEY_STORE_H_
