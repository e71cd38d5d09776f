#include "server/contacts/merging/merge_contacts.h"

#include <utility>

#include "absl/strings/string_view.h"
#include "server/base/error.h"
#include "server/base/status_macros.h"
#include "server/contacts/contact.h"
#include "server/contacts/locked_contacts.h"
#include "server/contacts/merging/kept_contacts.h"
#include "server/contacts/merging/merge_content.h"
#include "server/contacts/merging/move_rows.h"

namespace canvass::contacts {
namespace {

// NotFound if `id` has neither a contact nor events or invitations: most likely it is misspelt.
absl::Status CheckKnown(mysql::Transaction& tx, const TenantScope& scope, const LockedContacts& contacts,
                        const ContactId& id) {
  if (!contacts.Get(id).etag().empty()) return absl::OkStatus();
  mysql::Params params;
  params.Add(scope.tenant()).Add(id).Add(scope.tenant()).Add(id);
  CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows,
                           tx.Query("(SELECT 1 FROM events WHERE tenant_id = ? AND contact_id = ? LIMIT 1) UNION ALL "
                                    "(SELECT 1 FROM invitations WHERE tenant_id = ? AND contact_id = ? LIMIT 1)",
                                    params));
  return rows.empty() ? ContactNotFound(id) : absl::OkStatus();
}

// Makes one of the two, if they are not one already, and returns the one that is kept.
absl::StatusOr<ContactId> Join(mysql::Transaction& tx, const TenantScope& scope, const ContactId& asked,
                               const ContactId& other, absl::Time now) {
  CANVASS_ASSIGN_OR_RETURN(LockedContacts contacts, LockedContacts::Lock(tx, scope, {asked, other}, now));
  const ContactId kept = contacts.Kept(asked);
  const ContactId duplicate = contacts.Kept(other);
  if (kept == duplicate) {
    CANVASS_RETURN_IF_ERROR(contacts.Write(tx));
    return kept;
  }
  CANVASS_RETURN_IF_ERROR(CheckKnown(tx, scope, contacts, kept));
  CANVASS_RETURN_IF_ERROR(CheckKnown(tx, scope, contacts, duplicate));
  v1::Contact contact = contacts.Get(kept);
  TakeOver(contacts.Get(duplicate), contact);
  CANVASS_RETURN_IF_ERROR(ValidateContact(contact));
  contacts.Set(kept, std::move(contact));
  CANVASS_RETURN_IF_ERROR(contacts.Delete(tx, duplicate));
  CANVASS_RETURN_IF_ERROR(contacts.Write(tx));
  CANVASS_RETURN_IF_ERROR(InsertMerge(tx, scope, duplicate, kept, now));
  CANVASS_RETURN_IF_ERROR(MoveProtection(tx, scope, duplicate, kept));
  return kept;
}

}  // namespace

absl::StatusOr<v1::Contact> MergeContacts(ContactStore& store, const Clock& clock, const TenantScope& scope,
                                          const v1::MergeContactsRequest& request) {
  CANVASS_ASSIGN_OR_RETURN(const ContactId asked, ParseContactName(scope, "name", request.name()));
  CANVASS_ASSIGN_OR_RETURN(const ContactId duplicate, ParseContactName(scope, "duplicate", request.duplicate()));
  if (asked == duplicate) {
    return FieldError(v1::ERROR_REASON_INVALID_FIELD, "duplicate", "is the contact itself; name another one");
  }
  ContactId kept;
  CANVASS_RETURN_IF_ERROR(store.database().Write(scope, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(kept, Join(tx, scope, asked, duplicate, clock.Now()));
    return absl::OkStatus();
  }));
  // Of one that was merged into another before, too: an earlier call may have been cut.
  for (const ContactId& id : {asked, duplicate}) {
    if (id != kept) CANVASS_RETURN_IF_ERROR(MoveRows(store.database(), scope, id, kept));
  }
  return store.Get(scope, kept);
}

}  // namespace canvass::contacts
