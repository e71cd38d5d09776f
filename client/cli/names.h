// Resource names, long and short. People write `post-purchase`, the server wants `tenants/-/surveys/post-purchase`,
// where `-` is the credential's own tenant.
//
// Thread-safe: pure functions.
#ifndef CANVASS_CLIENT_CLI_NAMES_H_
#define CANVASS_CLIENT_CLI_NAMES_H_

#include <initializer_list>
#include <string>

#include "absl/strings/string_view.h"

namespace canvass::cli {

// "tenants/acme" for "acme", "tenants/acme" or, where it is empty, "tenants/-".
std::string TenantName(absl::string_view tenant);

// The full name of `id` in `collection` ("surveys") of `tenant` ("tenants/-"). What is a full name already, or begins
// with the collection ("surveys/x"), is taken as it is. Ids are percent-encoded, so contacts may be written as they
// are.
std::string FullName(absl::string_view tenant, absl::string_view collection, absl::string_view id);

// The last id of a name, decoded: "tenants/acme/contacts/a%2Fb" → "a/b". Empty for an empty name.
std::string ShortName(absl::string_view name);

// Percent-encodes every byte outside A-Z a-z 0-9 . _ ~ @ : + -
std::string EncodeId(absl::string_view id);

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_NAMES_H_
