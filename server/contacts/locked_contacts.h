// Contacts that are locked to be changed: made where they do not exist yet, and the kept ones where they were merged.
// Every write of contacts goes this way. Of this room's stores; not for others.
//
//   CANVASS_ASSIGN_OR_RETURN(LockedContacts contacts, LockedContacts::Lock(tx, scope, ids, now));
//   v1::Contact contact = contacts.Get(id);
//   … contacts.Set(id, std::move(contact));
//   CANVASS_RETURN_IF_ERROR(contacts.Write(tx));      // always: it also removes what was made and not set
//
// Lives within one transaction and its thread.
#ifndef CANVASS_SERVER_CONTACTS_LOCKED_CONTACTS_H_
#define CANVASS_SERVER_CONTACTS_LOCKED_CONTACTS_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "canvass/v1/contact.pb.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/contacts/merging/kept_contacts.h"
#include "server/mysql/database.h"

namespace canvass::contacts {

class LockedContacts {
 public:
  // All calls take their locks in the same order. Repeated ids are fine.
  static absl::StatusOr<LockedContacts> Lock(mysql::Transaction& tx, const TenantScope& scope,
                                             absl::Span<const ContactId> ids, absl::Time now);

  // The contact that `id`, one of those locked, stands for: another one if it was merged.
  const ContactId& Kept(const ContactId& id) const;

  // That contact as it is, or as it was Set. One that does not exist has no etag.
  const v1::Contact& Get(const ContactId& id) const;

  // Changes its attributes, language, time_zone and addresses, which are valid, to those of `contact`.
  void Set(const ContactId& id, v1::Contact contact);

  // Writes what Set changed, after which Get returns the contacts with their new output fields.
  absl::Status Write(mysql::Transaction& tx);

  // Deletes a contact, which is not written then.
  absl::Status Delete(mysql::Transaction& tx, const ContactId& id);

 private:
  struct Entry {
    v1::Contact contact;
    // What is stored.
    std::string payload;
    int64_t revision = 0;
    bool is_set = false;
  };

  LockedContacts(const TenantScope& scope, absl::Time now) : scope_(scope), now_(now) {}
  absl::Status LockRows(mysql::Transaction& tx, absl::Span<const ContactId> ids);
  absl::Status ReadRows(mysql::Transaction& tx, absl::Span<const ContactId> ids);
  absl::Status DeleteRows(mysql::Transaction& tx, absl::Span<const ContactId> ids);
  Entry& EntryOf(const ContactId& id) { return entries_.at(Kept(id)); }

  TenantScope scope_;
  absl::Time now_;
  KeptContacts kept_;
  // In the order in which they are locked and written.
  std::map<ContactId, Entry> entries_;
};

}  // namespace canvass::contacts

#endif  // CANVASS_SERVER_CONTACTS_LOCKED_CONTACTS_H_
