#include "server/responses/reading/get_response.h"

#include "server/base/ids.h"
#include "server/base/status_macros.h"
#include "server/responses/response_name.h"

namespace canvass::responses {

absl::StatusOr<v1::Response> GetResponse(ResponseStore& store, const TenantScope& scope,
                                         const v1::GetResponseRequest& request) {
  CANVASS_ASSIGN_OR_RETURN(const Uuid id, ParseResponseName(scope, "name", request.name()));
  return store.Get(scope, id);
}

}  // namespace canvass::responses
