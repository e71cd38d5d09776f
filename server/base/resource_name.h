// Resource names (AIP-122): `tenants/acme/surveys/post-purchase`. Segments that hold a caller's own identifier
// (contacts) are percent-encoded, so that any external id fits.
//
//   CANVASS_ASSIGN_OR_RETURN(SurveyId id, ParseChild<SurveyId>(scope, "surveys", "name", request.name()));
#ifndef CANVASS_SERVER_BASE_RESOURCE_NAME_H_
#define CANVASS_SERVER_BASE_RESOURCE_NAME_H_

#include <initializer_list>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"

namespace canvass {

// "tenants/acme" for a tenant, "tenants/acme/surveys/nps" for Name(tenant, {"surveys", "nps"}). Segments are encoded.
std::string ResourceName(const TenantId& tenant, std::initializer_list<absl::string_view> segments = {});

// Takes a name of the shape tenants/{tenant}/{collections[0]}/{id0}/{collections[1]}/{id1}… and returns the decoded ids
// behind the tenant, one per collection. `tenants/-` stands for the scope's own tenant.
// InvalidArgument at `field` if the shape is wrong; NotFound if it names another tenant, whether that exists or not.
absl::StatusOr<std::vector<std::string>> ParseResourceName(const TenantScope& scope,
                                                           absl::Span<const absl::string_view> collections,
                                                           absl::string_view field, absl::string_view name);

// ParseResourceName for the common case of one collection.
absl::StatusOr<std::string> ParseChild(const TenantScope& scope, absl::string_view collection, absl::string_view field,
                                       absl::string_view name);

// Checks that `parent` is `tenants/{tenant}` of the scope (or `tenants/-`). Errors as ParseResourceName.
absl::Status CheckParent(const TenantScope& scope, absl::string_view parent);

// Checks an id that people choose: 1 to 63 of a-z, 0-9 and '-', starting with a letter, not ending with '-'.
// InvalidArgument at `field` otherwise.
absl::Status CheckChosenId(absl::string_view field, absl::string_view id);

// What stands behind the last '/', as it is: of a name of the server's own, the id, encoded if it is a contact's.
absl::string_view LastSegment(absl::string_view name);

// Percent-encodes every byte outside A-Z a-z 0-9 . _ ~ @ : + -
std::string EncodeSegment(absl::string_view raw);
// InvalidArgument if a '%' is not followed by two hexadecimal digits.
absl::StatusOr<std::string> DecodeSegment(absl::string_view segment);

}  // namespace canvass

#endif  // CANVASS_SERVER_BASE_RESOURCE_NAME_H_
