// A contact as its row holds it. Of this room's stores; not for others.
#ifndef CANVASS_SERVER_CONTACTS_CONTACT_ROW_H_
#define CANVASS_SERVER_CONTACTS_CONTACT_ROW_H_

#include <string>

#include "absl/status/statusor.h"
#include "canvass/v1/contact.pb.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/mysql/value.h"

namespace canvass::contacts {

// What ReadContact takes.
inline constexpr char kContactColumns[] = "contact_id, revision, create_time, update_time, payload";

absl::StatusOr<v1::Contact> ReadContact(const TenantScope& scope, const mysql::Row& row);

// One that does not exist yet: named, without an etag.
v1::Contact NewContact(const TenantScope& scope, const ContactId& id);

// What the columns do not hold: what the caller may write. The same bytes for the same content.
std::string ContactPayload(const v1::Contact& contact);

}  // namespace canvass::contacts

#endif  // CANVASS_SERVER_CONTACTS_CONTACT_ROW_H_
