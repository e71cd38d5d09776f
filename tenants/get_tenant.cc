#include "tenants/get_tenant.h"

#include <string>
#include <utility>
#include <vector>

#include "server/base/aip/page_token.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "tenants/tenant.h"

namespace canvass::tenants {
namespace {

constexpr int kDefaultPage = 100;
constexpr int kMaxPage = 1000;

}  // namespace

absl::StatusOr<v1::Tenant> GetTenant(TenantStore& store, const Principal& caller, const v1::GetTenantRequest& request) {
  TenantId id;
  if (caller.key.has_value()) {
    CANVASS_RETURN_IF_ERROR(ParseResourceName(caller.key->scope, {}, "name", request.name()).status());
    id = caller.key->scope.tenant();
  } else {
    CANVASS_ASSIGN_OR_RETURN(id, ParseTenantName("name", request.name()));
  }
  CANVASS_ASSIGN_OR_RETURN(TenantRecord record, store.Get(id));
  return std::move(record.tenant);
}

absl::StatusOr<v1::ListTenantsResponse> ListTenants(TenantStore& store, const v1::ListTenantsRequest& request) {
  CANVASS_ASSIGN_OR_RETURN(const int size, PageSize(request.page_size(), kDefaultPage, kMaxPage));
  CANVASS_ASSIGN_OR_RETURN(const std::string after, DecodePageToken("ListTenants", request.page_token()));
  if (!after.empty() && !CheckChosenId("page_token", after).ok()) return InvalidPageToken();
  CANVASS_ASSIGN_OR_RETURN(std::vector<TenantRecord> records, store.List(after, size + 1));
  v1::ListTenantsResponse response;
  if (records.size() > static_cast<std::size_t>(size)) {
    records.erase(records.begin() + size, records.end());
    response.set_next_page_token(EncodePageToken("ListTenants", records.back().scope.tenant().value()));
  }
  for (TenantRecord& record : records) *response.add_tenants() = std::move(record.tenant);
  return response;
}

}  // namespace canvass::tenants
