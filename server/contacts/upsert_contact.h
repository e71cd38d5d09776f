// ContactService.UpsertContact.
#ifndef CANVASS_SERVER_CONTACTS_UPSERT_CONTACT_H_
#define CANVASS_SERVER_CONTACTS_UPSERT_CONTACT_H_

#include "absl/status/statusor.h"
#include "canvass/v1/contact_service.pb.h"
#include "server/base/clock.h"
#include "server/base/tenant_scope.h"
#include "server/contacts/contact_store.h"

namespace canvass::contacts {

// InvalidArgument (INVALID_RESOURCE_NAME, INVALID_FIELD_MASK, INVALID_CONTACT); Aborted (ETAG_MISMATCH); errors of
// mysql::Database.
absl::StatusOr<v1::Contact> UpsertContact(ContactStore& store, const Clock& clock, const TenantScope& scope,
                                          const v1::UpsertContactRequest& request);

}  // namespace canvass::contacts

#endif  // CANVASS_SERVER_CONTACTS_UPSERT_CONTACT_H_
