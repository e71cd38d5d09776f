// ContactService.BatchUpsertContacts.
#ifndef CANVASS_SERVER_CONTACTS_BATCH_UPSERT_CONTACTS_H_
#define CANVASS_SERVER_CONTACTS_BATCH_UPSERT_CONTACTS_H_

#include "absl/status/statusor.h"
#include "canvass/v1/contact_service.pb.h"
#include "server/base/clock.h"
#include "server/base/tenant_scope.h"
#include "server/contacts/contact_store.h"

namespace canvass::contacts {

// Every good item is stored; the answer names the others, by index. An item with an etag that is not the current one is
// refused (ETAG_MISMATCH), and with it every other item of the call for the same contact.
// InvalidArgument (INVALID_RESOURCE_NAME, INVALID_FIELD) for the whole call; errors of mysql::Database.
absl::StatusOr<v1::BatchUpsertContactsResponse> BatchUpsertContacts(ContactStore& store, const Clock& clock,
                                                                    const TenantScope& scope,
                                                                    const v1::BatchUpsertContactsRequest& request);

}  // namespace canvass::contacts

#endif  // CANVASS_SERVER_CONTACTS_BATCH_UPSERT_CONTACTS_H_
