// Which contact became whose: whoever asks for a contact that was merged gets the one that was kept.
//
// Free functions within the caller's transaction; nothing is cached, so a merge holds on every server at once.
#ifndef CANVASS_SERVER_CONTACTS_MERGING_KEPT_CONTACTS_H_
#define CANVASS_SERVER_CONTACTS_MERGING_KEPT_CONTACTS_H_

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/mysql/database.h"

namespace canvass::contacts {

using KeptContacts = absl::flat_hash_map<ContactId, ContactId>;

// Of those of `ids` that were merged, the contact that is kept now, also where that was merged again. Does not lock.
absl::StatusOr<KeptContacts> FindKept(mysql::Transaction& tx, const TenantScope& scope,
                                      absl::Span<const ContactId> ids);

// Notes that `duplicate` became `kept`. Both are locked, and neither was merged.
absl::Status InsertMerge(mysql::Transaction& tx, const TenantScope& scope, const ContactId& duplicate,
                         const ContactId& kept, absl::Time now);

}  // namespace canvass::contacts

#endif  // CANVASS_SERVER_CONTACTS_MERGING_KEPT_CONTACTS_H_
