// What the other rooms keep by contact, given to another contact. The one place that knows every table with a
// contact_id; a test compares it with the schema.
#ifndef CANVASS_SERVER_CONTACTS_MERGING_MOVE_ROWS_H_
#define CANVASS_SERVER_CONTACTS_MERGING_MOVE_ROWS_H_

#include "absl/status/status.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/mysql/database.h"

namespace canvass::contacts {

// What protects a customer, within the caller's transaction: moves the frequency clocks, of which the later time holds,
// and copies the suppressions.
absl::Status MoveProtection(mysql::Transaction& tx, const TenantScope& scope, const ContactId& from,
                            const ContactId& to);

// All else, some hundreds of rows in a transaction, and at last the protection again, for calls that were under way.
// Running it again moves what is left.
absl::Status MoveRows(mysql::Database& database, const TenantScope& scope, const ContactId& from, const ContactId& to);

}  // namespace canvass::contacts

#endif  // CANVASS_SERVER_CONTACTS_MERGING_MOVE_ROWS_H_
