#include "tenants/tenant_store.h"

#include <optional>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "tenants/placement.h"
#include "tenants/scope_mint.h"

namespace canvass::tenants {
namespace {

constexpr char kSelect[] = "SELECT tenant_id, state, time_zone, cluster, revision, create_time, payload FROM tenants ";

// What the columns do not hold.
std::string Payload(const v1::Tenant& tenant) {
  v1::Tenant rest;
  rest.set_display_name(tenant.display_name());
  return rest.SerializeAsString();
}

absl::StatusOr<TenantRecord> ReadRecord(const mysql::Row& row) {
  v1::Tenant tenant;
  const TenantId id(row.String(0));
  absl::TimeZone zone;
  if (!tenant.ParseFromString(row.String(6)) || !absl::LoadTimeZone(row.String(2), &zone)) {
    return absl::InternalError(
        absl::StrCat("the row of tenant '", id.value(), "' cannot be read; is the time zone database installed?"));
  }
  tenant.set_name(ResourceName(id));
  tenant.set_state(static_cast<v1::Tenant::State>(row.Int(1)));
  tenant.set_time_zone(row.String(2));
  tenant.set_etag(absl::StrCat(row.Int(4)));
  *tenant.mutable_create_time() = ToProto(row.Time(5));
  return TenantRecord{std::move(tenant), ScopeMint::Mint(id, zone), row.String(3)};
}

absl::Status NotFound(const TenantId& id) {
  return Error(absl::StatusCode::kNotFound, v1::ERROR_REASON_RESOURCE_NOT_FOUND,
               absl::StrCat("tenant '", absl::CHexEscape(id.value()), "' does not exist"));
}

// NotFound if there is no such row.
absl::StatusOr<TenantRecord> Select(mysql::Transaction& tx, const TenantId& id, absl::string_view lock) {
  // The column is ASCII: the database would not even compare other text with it.
  if (!CheckChosenId("name", id.value()).ok()) return NotFound(id);
  mysql::Params params;
  params.Add(id);
  CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows,
                           tx.Query(absl::StrCat(kSelect, "WHERE tenant_id = ?", lock), params));
  if (rows.empty()) return NotFound(id);
  return ReadRecord(rows[0]);
}

}  // namespace

absl::StatusOr<TenantRecord> TenantStore::Insert(const TenantId& id, const v1::Tenant& tenant, absl::Time create_time) {
  absl::StatusOr<TenantRecord> record;
  const absl::Status status = database_.System([&](mysql::Transaction& tx) -> absl::Status {
    mysql::Params params;
    params.Add(id)
        .Add(static_cast<int>(v1::Tenant::STATE_ACTIVE))
        .Add(tenant.time_zone())
        .Add(PlaceNewTenant(id))
        .Add(1)
        .Add(create_time)
        .Add(Payload(tenant));
    const absl::StatusOr<int64_t> inserted = tx.Execute(
        "INSERT INTO tenants (tenant_id, state, time_zone, cluster, revision, create_time, payload) "
        "VALUES (?,?,?,?,?,?,?)",
        params);
    if (!inserted.ok() && !mysql::IsDuplicateKey(inserted.status())) return inserted.status();
    record = Select(tx, id, "");
    return record.status();
  });
  if (!status.ok()) return status;
  return record;
}

absl::StatusOr<TenantRecord> TenantStore::Get(const TenantId& id) {
  absl::StatusOr<TenantRecord> record;
  const absl::Status status = database_.System([&](mysql::Transaction& tx) -> absl::Status {
    record = Select(tx, id, "");
    return record.status();
  });
  if (!status.ok()) return status;
  return record;
}

absl::StatusOr<std::vector<TenantRecord>> TenantStore::List(absl::string_view after, int limit) {
  std::vector<TenantRecord> records;
  CANVASS_RETURN_IF_ERROR(database_.System([&](mysql::Transaction& tx) -> absl::Status {
    mysql::Params params;
    params.Add(after).Add(limit);
    CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows,
                             tx.Query(absl::StrCat(kSelect, "WHERE tenant_id > ? ORDER BY tenant_id LIMIT ?"), params));
    records.clear();
    for (const mysql::Row& row : rows) {
      CANVASS_ASSIGN_OR_RETURN(TenantRecord record, ReadRecord(row));
      records.push_back(std::move(record));
    }
    return absl::OkStatus();
  }));
  return records;
}

absl::StatusOr<TenantRecord> TenantStore::Change(const TenantId& id,
                                                 absl::FunctionRef<absl::Status(v1::Tenant&)> change) {
  absl::StatusOr<TenantRecord> record;
  const absl::Status status = database_.System([&](mysql::Transaction& tx) -> absl::Status {
    record = Select(tx, id, " FOR UPDATE");
    CANVASS_RETURN_IF_ERROR(record.status());
    const v1::Tenant before = record->tenant;
    v1::Tenant& tenant = record->tenant;
    CANVASS_RETURN_IF_ERROR(change(tenant));
    if (tenant.state() == before.state() && tenant.display_name() == before.display_name()) return absl::OkStatus();
    mysql::Params params;
    params.Add(static_cast<int>(tenant.state())).Add(Payload(tenant)).Add(id);
    CANVASS_RETURN_IF_ERROR(
        tx.Execute("UPDATE tenants SET state = ?, payload = ?, revision = revision + 1 WHERE tenant_id = ?", params)
            .status());
    record = Select(tx, id, "");
    return record.status();
  });
  if (!status.ok()) return status;
  return record;
}

}  // namespace canvass::tenants
