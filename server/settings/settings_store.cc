#include "server/settings/settings_store.h"

#include <cstdint>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/base/status_macros.h"
#include "server/settings/settings.h"

namespace canvass::settings {
namespace {

// Where a kind of settings stands, and what it is called.
struct Kind {
  const char* column;
  std::string name;
};

Kind KindOf(const TenantScope& scope, const v1::ContactPolicy&) { return {"policy", PolicyName(scope)}; }
Kind KindOf(const TenantScope& scope, const v1::ChannelSettings&) { return {"channels", ChannelsName(scope)}; }

template <typename Message>
absl::StatusOr<Message> Select(mysql::Transaction& tx, const TenantScope& scope, absl::string_view lock) {
  Message message;
  const Kind kind = KindOf(scope, message);
  mysql::Params params;
  params.Add(scope.tenant()).Add(kind.column);
  CANVASS_ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      tx.Query(absl::StrCat(
                   "SELECT revision, update_time, payload FROM tenant_settings WHERE tenant_id = ? AND kind = ?", lock),
               params));
  if (!rows.empty() && !message.ParseFromString(rows[0].String(2))) {
    return Error(absl::StatusCode::kInternal, v1::ERROR_REASON_INTERNAL, absl::StrCat(kind.name, " cannot be read"));
  }
  message.set_name(kind.name);
  message.set_etag(absl::StrCat(rows.empty() ? 0 : rows[0].Int(0)));
  if (!rows.empty()) *message.mutable_update_time() = ToProto(rows[0].Time(1));
  return message;
}

// What has no column.
template <typename Message>
std::string Payload(const Message& message) {
  Message content = message;
  content.clear_name();
  content.clear_update_time();
  content.clear_etag();
  return content.SerializeAsString();
}

// One that was made is told once and never stored apart.
std::string PayloadOf(const v1::ContactPolicy& policy) { return Payload(policy); }
std::string PayloadOf(const v1::ChannelSettings& channels) {
  v1::ChannelSettings content = channels;
  if (content.has_webhook()) content.mutable_webhook()->clear_generated_secret();
  return Payload(content);
}

template <typename Message>
absl::StatusOr<Message> Get(mysql::Database& database, const TenantScope& scope) {
  Message message;
  CANVASS_RETURN_IF_ERROR(database.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(message, Select<Message>(tx, scope, ""));
    return absl::OkStatus();
  }));
  return message;
}

template <typename Message>
absl::StatusOr<Message> Change(mysql::Database& database, const TenantScope& scope, absl::Time now,
                               absl::FunctionRef<absl::Status(Message&)> change) {
  Message message;
  CANVASS_RETURN_IF_ERROR(database.Write(scope, [&](mysql::Transaction& tx) -> absl::Status {
    const Kind kind = KindOf(scope, message);
    mysql::Params row;
    row.Add(scope.tenant()).Add(kind.column).Add(0).Add(now).Add("");
    // Makes the row, so that there is one to lock.
    CANVASS_RETURN_IF_ERROR(
        tx.InsertRows("INSERT INTO tenant_settings (tenant_id, kind, revision, update_time, payload) VALUES", 5, row,
                      "ON DUPLICATE KEY UPDATE revision = revision"));
    CANVASS_ASSIGN_OR_RETURN(message, Select<Message>(tx, scope, " FOR UPDATE"));
    CANVASS_RETURN_IF_ERROR(change(message));
    int64_t revision = 0;
    // An etag that we read ourselves is a number.
    if (!absl::SimpleAtoi(message.etag(), &revision)) revision = 0;
    ++revision;
    message.set_etag(absl::StrCat(revision));
    *message.mutable_update_time() = ToProto(now);
    mysql::Params params;
    params.Add(revision).Add(now).Add(PayloadOf(message)).Add(scope.tenant()).Add(kind.column);
    return tx
        .Execute(
            "UPDATE tenant_settings SET revision = ?, update_time = ?, payload = ? WHERE tenant_id = ? AND "
            "kind = ?",
            params)
        .status();
  }));
  return message;
}

}  // namespace

absl::StatusOr<v1::ContactPolicy> SettingsStore::GetPolicy(const TenantScope& scope) {
  return Get<v1::ContactPolicy>(database_, scope);
}

absl::StatusOr<v1::ChannelSettings> SettingsStore::GetChannels(const TenantScope& scope) {
  return Get<v1::ChannelSettings>(database_, scope);
}

absl::StatusOr<v1::ContactPolicy> SettingsStore::ChangePolicy(
    const TenantScope& scope, absl::Time now, absl::FunctionRef<absl::Status(v1::ContactPolicy&)> change) {
  return Change<v1::ContactPolicy>(database_, scope, now, change);
}

absl::StatusOr<v1::ChannelSettings> SettingsStore::ChangeChannels(
    const TenantScope& scope, absl::Time now, absl::FunctionRef<absl::Status(v1::ChannelSettings&)> change) {
  return Change<v1::ChannelSettings>(database_, scope, now, change);
}

}  // namespace canvass::settings
