#include "tenants/keys/get_api_key.h"

#include <string>
#include <utility>
#include <vector>

#include "server/base/aip/page_token.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "tenants/keys/api_key.h"
#include "tenants/keys/credential.h"

namespace canvass::tenants {
namespace {

constexpr int kDefaultPage = 100;
constexpr int kMaxPage = 1000;

}  // namespace

absl::StatusOr<v1::ApiKey> GetApiKey(ApiKeyStore& store, const TenantScope& scope,
                                     const v1::GetApiKeyRequest& request) {
  CANVASS_ASSIGN_OR_RETURN(const std::string id, ParseKeyName(scope, request.name()));
  return store.Get(scope, id);
}

absl::StatusOr<v1::ListApiKeysResponse> ListApiKeys(ApiKeyStore& store, const TenantScope& scope,
                                                    const v1::ListApiKeysRequest& request) {
  CANVASS_RETURN_IF_ERROR(CheckParent(scope, request.parent()));
  CANVASS_ASSIGN_OR_RETURN(const int size, PageSize(request.page_size(), kDefaultPage, kMaxPage));
  CANVASS_ASSIGN_OR_RETURN(const std::string after, DecodePageToken("ListApiKeys", request.page_token()));
  if (!after.empty() && !IsKeyId(after)) return InvalidPageToken();
  CANVASS_ASSIGN_OR_RETURN(std::vector<v1::ApiKey> keys, store.List(scope, after, size + 1));
  v1::ListApiKeysResponse response;
  if (keys.size() > static_cast<std::size_t>(size)) {
    keys.resize(size);
    CANVASS_ASSIGN_OR_RETURN(const std::string last, ParseKeyName(scope, keys.back().name()));
    response.set_next_page_token(EncodePageToken("ListApiKeys", last));
  }
  for (v1::ApiKey& key : keys) *response.add_api_keys() = std::move(key);
  return response;
}

}  // namespace canvass::tenants
