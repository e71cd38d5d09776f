// The rows of tenant settings. The etag is the revision. Thread-safe; calls block.
#ifndef CANVASS_SERVER_SETTINGS_SETTINGS_STORE_H_
#define CANVASS_SERVER_SETTINGS_SETTINGS_STORE_H_

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "canvass/v1/settings.pb.h"
#include "server/base/tenant_scope.h"
#include "server/mysql/database.h"

namespace canvass::settings {

class SettingsStore {
 public:
  explicit SettingsStore(mysql::Database& database) : database_(database) {}

  // Each fills in name, update_time and etag. Without a row: the empty message, with its name and the etag "0".
  // ChannelSettings come with their secrets.
  absl::StatusOr<v1::ContactPolicy> GetPolicy(const TenantScope& scope);
  absl::StatusOr<v1::ChannelSettings> GetChannels(const TenantScope& scope);

  // Lets `change` change what is there, which is locked meanwhile, and writes it. It may run again on a conflict. Its
  // errors are returned and nothing is written.
  absl::StatusOr<v1::ContactPolicy> ChangePolicy(const TenantScope& scope, absl::Time now,
                                                 absl::FunctionRef<absl::Status(v1::ContactPolicy&)> change);
  absl::StatusOr<v1::ChannelSettings> ChangeChannels(const TenantScope& scope, absl::Time now,
                                                     absl::FunctionRef<absl::Status(v1::ChannelSettings&)> change);

 private:
  mysql::Database& database_;
};

}  // namespace canvass::settings

#endif  // CANVASS_SERVER_SETTINGS_SETTINGS_STORE_H_
