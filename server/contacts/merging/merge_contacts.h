// ContactService.MergeContacts.
#ifndef CANVASS_SERVER_CONTACTS_MERGING_MERGE_CONTACTS_H_
#define CANVASS_SERVER_CONTACTS_MERGING_MERGE_CONTACTS_H_

#include "absl/status/statusor.h"
#include "canvass/v1/contact_service.pb.h"
#include "server/base/clock.h"
#include "server/base/tenant_scope.h"
#include "server/contacts/contact_store.h"

namespace canvass::contacts {

// One transaction makes the two one: from then on the duplicate is the other, and its clocks and suppressions hold.
// Then its rows follow, some hundreds in a transaction. A call that is cut in between, or rows of calls that were under
// way meanwhile: merging again takes the rest over.
//
// InvalidArgument (INVALID_RESOURCE_NAME; INVALID_FIELD if both are the same; INVALID_CONTACT if the two together break
// a contact's limits); NotFound (CONTACT_NOT_FOUND) if nothing is known of one of them; errors of mysql::Database.
absl::StatusOr<v1::Contact> MergeContacts(ContactStore& store, const Clock& clock, const TenantScope& scope,
                                          const v1::MergeContactsRequest& request);

}  // namespace canvass::contacts

#endif  // CANVASS_SERVER_CONTACTS_MERGING_MERGE_CONTACTS_H_
