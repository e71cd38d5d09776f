// ContactService.GetContact and ListContacts.
#ifndef CANVASS_SERVER_CONTACTS_GET_CONTACT_H_
#define CANVASS_SERVER_CONTACTS_GET_CONTACT_H_

#include "absl/status/statusor.h"
#include "canvass/v1/contact_service.pb.h"
#include "server/base/tenant_scope.h"
#include "server/contacts/contact_store.h"

namespace canvass::contacts {

// InvalidArgument (INVALID_RESOURCE_NAME); NotFound (CONTACT_NOT_FOUND); errors of mysql::Database.
absl::StatusOr<v1::Contact> GetContact(ContactStore& store, const TenantScope& scope,
                                       const v1::GetContactRequest& request);

// InvalidArgument (INVALID_RESOURCE_NAME, INVALID_FIELD, INVALID_PAGE_TOKEN); errors of mysql::Database.
absl::StatusOr<v1::ListContactsResponse> ListContacts(ContactStore& store, const TenantScope& scope,
                                                      const v1::ListContactsRequest& request);

}  // namespace canvass::contacts

#endif  // CANVASS_SERVER_CONTACTS_GET_CONTACT_H_
