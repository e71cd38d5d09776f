// The rows of contacts.
//
// Returned contacts carry every output field. Whoever asks for a contact that was merged into another gets that one.
// `now` becomes the row's times. Thread-safe; calls block. The database must outlive the store.
#ifndef CANVASS_SERVER_CONTACTS_CONTACT_STORE_H_
#define CANVASS_SERVER_CONTACTS_CONTACT_STORE_H_

#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "canvass/v1/contact.pb.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/mysql/database.h"

namespace canvass::contacts {

// `more` says that there are further ones. A page ends early where its content grows large.
struct ContactPage {
  std::vector<v1::Contact> contacts;
  bool more = false;
};

// Changes attributes, language, time_zone or addresses of a contact that is locked meanwhile; a new one comes without
// an etag. It may run again on a conflict.
using ContactChange = absl::FunctionRef<absl::Status(v1::Contact& contact)>;

// One contact of a batch. `contact` is not owned and must outlive the call.
struct ContactWrite {
  ContactId id;
  const v1::Contact* contact;
};

// What became of a batch of changes.
struct AppliedChanges {
  // Of each write, in their order: ok, or INVALID_CONTACT.
  std::vector<absl::Status> statuses;
  // By the ids of all writes, as they are afterwards; a refused new one is missing.
  absl::flat_hash_map<ContactId, v1::Contact> contacts;
};

class ContactStore {
 public:
  explicit ContactStore(mysql::Database& database) : database_(database) {}

  mysql::Database& database() { return database_; }

  // NotFound (CONTACT_NOT_FOUND) if there is no such contact; errors of mysql::Database.
  absl::StatusOr<v1::Contact> Get(const TenantScope& scope, const ContactId& id);

  // The contact that `id` stands for: the kept one if it was merged, else `id` itself, whether it exists or not. For
  // whoever looks rows up by contact.
  absl::StatusOr<ContactId> Kept(const TenantScope& scope, const ContactId& id);

  // At most `limit` contacts whose external ids sort behind `after` (byte by byte), by external id.
  absl::StatusOr<ContactPage> List(const TenantScope& scope, absl::string_view after, int limit);

  // Those of `ids` that exist, within the caller's transaction, in one statement of 256 ids. Does not lock. Repeated
  // ids are fine. For an id that was merged it is the kept contact, whose external_id is then the one to store.
  absl::StatusOr<absl::flat_hash_map<ContactId, v1::Contact>> GetMany(mysql::Transaction& tx, const TenantScope& scope,
                                                                      absl::Span<const ContactId> ids);

  // Lets `change` change the contact, which is made if it does not exist, and writes it if it did change. Errors of
  // `change` are returned and nothing is written.
  absl::StatusOr<v1::Contact> Upsert(const TenantScope& scope, const ContactId& id, absl::Time now,
                                     ContactChange change);

  // Replaces (or makes) all of `writes` in one transaction; of those for one contact the last wins. A contact of which
  // one has an etag that is not the current one is left out, and the ids that meant it returned.
  absl::StatusOr<absl::flat_hash_set<ContactId>> ReplaceMany(const TenantScope& scope,
                                                             absl::Span<const ContactWrite> writes, absl::Time now);

  // What ReplaceMany would return, without writing.
  absl::StatusOr<absl::flat_hash_set<ContactId>> CheckReplaceMany(const TenantScope& scope,
                                                                  absl::Span<const ContactWrite> writes);

  // Changes (or makes) contacts within the caller's transaction, which keeps them locked. What a write has is changed,
  // what it does not have stays: see ApplyChange. A write that is not valid, or makes a contact that is not, is refused
  // and does not stop the others. Etags do not matter.
  absl::StatusOr<AppliedChanges> ApplyChanges(mysql::Transaction& tx, const TenantScope& scope,
                                              absl::Span<const ContactWrite> writes, absl::Time now);

 private:
  mysql::Database& database_;
};

}  // namespace canvass::contacts

#endif  // CANVASS_SERVER_CONTACTS_CONTACT_STORE_H_
