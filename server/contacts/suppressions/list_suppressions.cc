#include "server/contacts/suppressions/list_suppressions.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/aip/page_token.h"
#include "server/base/error.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/contacts/contact.h"
#include "server/contacts/suppressions/suppression.h"

namespace canvass::contacts {
namespace {

constexpr int kDefaultPageSize = 100;
constexpr int kMaxPageSize = 1000;

// Whose suppressions are asked for.
absl::StatusOr<std::optional<Uuid>> TargetOf(const TenantScope& scope, const v1::ListSuppressionsRequest& request) {
  if (!request.address().empty() && !request.contact().empty()) {
    return FieldError(v1::ERROR_REASON_INVALID_FIELD, "contact", "cannot be combined with address: give one of them");
  }
  if (!request.address().empty()) return AddressTarget(request.address());
  if (request.contact().empty()) return std::nullopt;
  CANVASS_ASSIGN_OR_RETURN(const ContactId contact, ParseContactName(scope, "contact", request.contact()));
  return ContactTarget(contact);
}

}  // namespace

absl::StatusOr<v1::ListSuppressionsResponse> ListSuppressions(SuppressionStore& suppressions, const TenantScope& scope,
                                                              const v1::ListSuppressionsRequest& request) {
  CANVASS_RETURN_IF_ERROR(CheckParent(scope, request.parent()));
  CANVASS_ASSIGN_OR_RETURN(const int size, PageSize(request.page_size(), kDefaultPageSize, kMaxPageSize));
  CANVASS_ASSIGN_OR_RETURN(const std::optional<Uuid> target, TargetOf(scope, request));
  const std::string list = absl::StrCat("ListSuppressions ", target.has_value() ? target->ToString() : "");
  CANVASS_ASSIGN_OR_RETURN(const std::string position, DecodePageToken(list, request.page_token()));
  std::optional<SuppressionKey> after;
  if (!position.empty()) {
    const absl::StatusOr<SuppressionKey> key = ParseSuppressionName(scope, "page_token", position);
    if (!key.ok()) return InvalidPageToken();
    after = *key;
  }
  // One more than asked for tells whether there is another page.
  CANVASS_ASSIGN_OR_RETURN(std::vector<v1::Suppression> page, suppressions.List(scope, target, after, size + 1));
  v1::ListSuppressionsResponse response;
  if (page.size() > static_cast<std::size_t>(size)) {
    page.pop_back();
    response.set_next_page_token(EncodePageToken(list, page.back().name()));
  }
  for (v1::Suppression& suppression : page) *response.add_suppressions() = std::move(suppression);
  return response;
}

}  // namespace canvass::contacts
