// The rules of a contact.
//
// Pure functions; checking a time zone looks into the machine's zone database.
#ifndef CANVASS_SERVER_CONTACTS_CONTACT_H_
#define CANVASS_SERVER_CONTACTS_CONTACT_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "canvass/v1/contact.pb.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"

namespace canvass::contacts {

// The contact that `name` (`tenants/{tenant}/contacts/{contact}`) is about. Errors as ParseResourceName, and
// InvalidArgument (INVALID_RESOURCE_NAME) at `field` if its id cannot be one.
absl::StatusOr<ContactId> ParseContactName(const TenantScope& scope, absl::string_view field, absl::string_view name);

// `tenants/{tenant}/contacts/{contact}`
std::string ContactName(const TenantScope& scope, const ContactId& id);

// Whether `id` can be an external id: 1 to 128 bytes of UTF-8 without control characters.
bool IsExternalId(absl::string_view id);

// Checks attributes, language, time_zone and addresses against the limits that contact.proto documents.
// InvalidArgument (INVALID_CONTACT) with every violation at its path in the Contact: `attributes.address.city`.
absl::Status ValidateContact(const v1::Contact& contact);

// NotFound, CONTACT_NOT_FOUND.
absl::Status ContactNotFound(const ContactId& id);

}  // namespace canvass::contacts

#endif  // CANVASS_SERVER_CONTACTS_CONTACT_H_
