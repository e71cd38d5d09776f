#include "server/operations/get_operation.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "server/base/aip/page_token.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/operations/operation.h"

namespace canvass::operations {
namespace {

constexpr int kDefaultPageSize = 100;
constexpr int kMaxPageSize = 1000;
constexpr absl::string_view kList = "ListOperations";

absl::StatusOr<std::optional<Uuid>> ParsePosition(absl::string_view text) {
  if (text.empty()) return std::nullopt;
  absl::StatusOr<Uuid> id = Uuid::Parse(text);
  if (!id.ok()) return InvalidPageToken();
  return *std::move(id);
}

}  // namespace

absl::StatusOr<v1::Operation> GetOperation(OperationStore& operations, const TenantScope& scope,
                                           const v1::GetOperationRequest& request) {
  CANVASS_ASSIGN_OR_RETURN(const Uuid id, ParseOperationName(scope, "name", request.name()));
  return operations.Get(scope, id);
}

absl::StatusOr<v1::ListOperationsResponse> ListOperations(OperationStore& operations, const TenantScope& scope,
                                                          const v1::ListOperationsRequest& request) {
  CANVASS_RETURN_IF_ERROR(CheckParent(scope, request.parent()));
  CANVASS_ASSIGN_OR_RETURN(const int size, PageSize(request.page_size(), kDefaultPageSize, kMaxPageSize));
  CANVASS_ASSIGN_OR_RETURN(const std::string token, DecodePageToken(kList, request.page_token()));
  CANVASS_ASSIGN_OR_RETURN(const std::optional<Uuid> after, ParsePosition(token));
  // One more than asked for tells whether there is another page.
  CANVASS_ASSIGN_OR_RETURN(std::vector<v1::Operation> page, operations.List(scope, after, size + 1));
  v1::ListOperationsResponse response;
  if (page.size() > static_cast<std::size_t>(size)) {
    page.pop_back();
    CANVASS_ASSIGN_OR_RETURN(const Uuid last, ParseOperationName(scope, "name", page.back().name()));
    response.set_next_page_token(EncodePageToken(kList, last.ToString()));
  }
  for (v1::Operation& operation : page) *response.add_operations() = std::move(operation);
  return response;
}

absl::StatusOr<v1::Operation> CancelOperation(OperationStore& operations, const Clock& clock, const TenantScope& scope,
                                              const v1::CancelOperationRequest& request) {
  CANVASS_ASSIGN_OR_RETURN(const Uuid id, ParseOperationName(scope, "name", request.name()));
  CANVASS_RETURN_IF_ERROR(operations.Cancel(scope, id, clock.Now()));
  return operations.Get(scope, id);
}

}  // namespace canvass::operations
