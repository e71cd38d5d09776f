#include "server/contacts/contact_store.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/base/status_macros.h"
#include "server/contacts/contact.h"

namespace canvass::contacts {
namespace {

// What a page of contacts may weigh, so that neither the server nor a client's message limit is strained.
constexpr int64_t kMaxPageBytes = int64_t{3} << 20;
// The longest IN list: statements of few lengths stay prepared.
constexpr std::size_t kMaxIdsPerQuery = 256;

constexpr char kSelect[] =
    "SELECT contact_id, revision, create_time, update_time, payload FROM contacts WHERE tenant_id = ?";
constexpr char kInsert[] =
    "INSERT INTO contacts (tenant_id, contact_id, revision, create_time, update_time, payload) VALUES";
constexpr int kInsertColumns = 6;

// What the columns do not hold: what the caller may write. The same bytes for the same content.
std::string Payload(const v1::Contact& contact) {
  v1::Contact content;
  if (contact.has_attributes()) *content.mutable_attributes() = contact.attributes();
  content.set_language(contact.language());
  content.set_time_zone(contact.time_zone());
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    content.SerializeToCodedStream(&coded);
  }
  return bytes;
}

absl::Status NotFound(const ContactId& id) {
  return Error(absl::StatusCode::kNotFound, v1::ERROR_REASON_CONTACT_NOT_FOUND,
               absl::StrCat("contact '", absl::Utf8SafeCHexEscape(id.value()), "' does not exist"));
}

v1::Contact NewContact(const TenantScope& scope, const ContactId& id) {
  v1::Contact contact;
  contact.set_name(ContactName(scope, id));
  contact.set_external_id(id.value());
  return contact;
}

absl::StatusOr<v1::Contact> ReadContact(const TenantScope& scope, const mysql::Row& row) {
  const ContactId id(row.String(0));
  v1::Contact contact;
  if (!contact.ParseFromString(row.String(4))) {
    return Error(absl::StatusCode::kInternal, v1::ERROR_REASON_INTERNAL, "the stored row of a contact cannot be read");
  }
  contact.set_name(ContactName(scope, id));
  contact.set_external_id(id.value());
  contact.set_etag(absl::StrCat(row.Int(1)));
  *contact.mutable_create_time() = ToProto(row.Time(2));
  *contact.mutable_update_time() = ToProto(row.Time(3));
  return contact;
}

// An IN list of `ids` for the end of `params`, padded by repeating the last one.
std::string AddIds(absl::Span<const ContactId> ids, mysql::Params& params) {
  const std::size_t count = mysql::PadCount(ids.size());
  for (std::size_t i = 0; i < count; ++i) params.Add(ids[std::min(i, ids.size() - 1)]);
  return mysql::Placeholders(count);
}

void AddRow(const TenantScope& scope, const ContactId& id, absl::Time now, std::string payload, mysql::Params& params) {
  params.Add(scope.tenant()).Add(id).Add(1).Add(now).Add(now).Add(std::move(payload));
}

absl::StatusOr<v1::Contact> SelectContact(mysql::Transaction& tx, const TenantScope& scope, const ContactId& id,
                                          absl::string_view lock) {
  mysql::Params params;
  params.Add(scope.tenant()).Add(id);
  CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows,
                           tx.Query(absl::StrCat(kSelect, " AND contact_id = ?", lock), params));
  if (rows.empty()) return NotFound(id);
  return ReadContact(scope, rows[0]);
}

// Changes the row, which is locked and there.
absl::Status UpdateRow(mysql::Transaction& tx, const TenantScope& scope, const ContactId& id, absl::Time now,
                       const v1::Contact& contact) {
  mysql::Params params;
  params.Add(now).Add(Payload(contact)).Add(scope.tenant()).Add(id);
  return tx
      .Execute(
          "UPDATE contacts SET revision = revision + 1, update_time = ?, payload = ? WHERE tenant_id = ? AND "
          "contact_id = ?",
          params)
      .status();
}

absl::Status InsertRow(mysql::Transaction& tx, const TenantScope& scope, const ContactId& id, absl::Time now,
                       const v1::Contact& contact) {
  mysql::Params params;
  AddRow(scope, id, now, Payload(contact), params);
  return tx.InsertRows(kInsert, kInsertColumns, params);
}

// One try to find or make the row and change it. AlreadyExists if another made it in between.
absl::Status UpsertRow(mysql::Transaction& tx, const TenantScope& scope, const ContactId& id, absl::Time now,
                       ContactChange change, v1::Contact& contact) {
  absl::StatusOr<v1::Contact> stored = SelectContact(tx, scope, id, " FOR UPDATE");
  const bool exists = stored.ok();
  if (!exists && !absl::IsNotFound(stored.status())) return stored.status();
  contact = exists ? *std::move(stored) : NewContact(scope, id);
  const std::string before = Payload(contact);
  CANVASS_RETURN_IF_ERROR(change(contact));
  if (exists && Payload(contact) == before) return absl::OkStatus();
  CANVASS_RETURN_IF_ERROR(exists ? UpdateRow(tx, scope, id, now, contact) : InsertRow(tx, scope, id, now, contact));
  CANVASS_ASSIGN_OR_RETURN(contact, SelectContact(tx, scope, id, ""));
  return absl::OkStatus();
}

// Adds to `stale` the ids of those `writes` whose etag is not the current one. Locks the rows it compares.
absl::Status FindStale(mysql::Transaction& tx, const TenantScope& scope, absl::Span<const ContactWrite> writes,
                       absl::flat_hash_set<ContactId>& stale) {
  std::vector<ContactId> ids;
  for (const ContactWrite& write : writes) {
    if (!write.contact->etag().empty()) ids.push_back(write.id);
  }
  absl::flat_hash_map<ContactId, std::string> etags;
  for (absl::Span<const ContactId> rest = ids; !rest.empty();
       rest.remove_prefix(std::min(rest.size(), kMaxIdsPerQuery))) {
    mysql::Params params;
    params.Add(scope.tenant());
    const std::string list = AddIds(rest.first(std::min(rest.size(), kMaxIdsPerQuery)), params);
    CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows,
                             tx.Query(absl::StrCat("SELECT contact_id, revision FROM contacts WHERE tenant_id = ? AND "
                                                   "contact_id IN ",
                                                   list, " ORDER BY contact_id FOR UPDATE"),
                                      params));
    for (const mysql::Row& row : rows) etags[ContactId(row.String(0))] = absl::StrCat(row.Int(1));
  }
  for (const ContactWrite& write : writes) {
    if (write.contact->etag().empty()) continue;
    const auto found = etags.find(write.id);
    if (found == etags.end() || found->second != write.contact->etag()) stale.insert(write.id);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::Contact> ContactStore::Get(const TenantScope& scope, const ContactId& id) {
  v1::Contact contact;
  CANVASS_RETURN_IF_ERROR(database_.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(contact, SelectContact(tx, scope, id, ""));
    return absl::OkStatus();
  }));
  return contact;
}

absl::StatusOr<ContactPage> ContactStore::List(const TenantScope& scope, absl::string_view after, int limit) {
  ContactPage page;
  CANVASS_RETURN_IF_ERROR(database_.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    page = ContactPage();
    mysql::Params sized;
    sized.Add(scope.tenant()).Add(after).Add(limit + 1);
    CANVASS_ASSIGN_OR_RETURN(const mysql::Rows sizes,
                             tx.Query("SELECT LENGTH(payload) FROM contacts WHERE tenant_id = ? AND contact_id > ? "
                                      "ORDER BY contact_id LIMIT ?",
                                      sized));
    int count = 0;
    int64_t bytes = 0;
    for (const mysql::Row& size : sizes) {
      bytes += size.Int(0);
      if (count == limit || (count > 0 && bytes > kMaxPageBytes)) break;
      ++count;
    }
    page.more = static_cast<int>(sizes.size()) > count;
    if (count == 0) return absl::OkStatus();
    mysql::Params params;
    params.Add(scope.tenant()).Add(after).Add(count);
    CANVASS_ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        tx.Query(absl::StrCat(kSelect, " AND contact_id > ? ORDER BY contact_id LIMIT ?"), params));
    for (const mysql::Row& row : rows) {
      CANVASS_ASSIGN_OR_RETURN(page.contacts.emplace_back(), ReadContact(scope, row));
    }
    return absl::OkStatus();
  }));
  return page;
}

absl::StatusOr<absl::flat_hash_map<ContactId, v1::Contact>> ContactStore::GetMany(mysql::Transaction& tx,
                                                                                  const TenantScope& scope,
                                                                                  absl::Span<const ContactId> ids) {
  std::vector<ContactId> distinct(ids.begin(), ids.end());
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  absl::flat_hash_map<ContactId, v1::Contact> contacts;
  for (absl::Span<const ContactId> rest = distinct; !rest.empty();
       rest.remove_prefix(std::min(rest.size(), kMaxIdsPerQuery))) {
    mysql::Params params;
    params.Add(scope.tenant());
    const std::string list = AddIds(rest.first(std::min(rest.size(), kMaxIdsPerQuery)), params);
    CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows,
                             tx.Query(absl::StrCat(kSelect, " AND contact_id IN ", list), params));
    for (const mysql::Row& row : rows) {
      CANVASS_ASSIGN_OR_RETURN(contacts[ContactId(row.String(0))], ReadContact(scope, row));
    }
  }
  return contacts;
}

absl::StatusOr<v1::Contact> ContactStore::Upsert(const TenantScope& scope, const ContactId& id, absl::Time now,
                                                 ContactChange change) {
  v1::Contact contact;
  CANVASS_RETURN_IF_ERROR(database_.Write(scope, [&](mysql::Transaction& tx) {
    const absl::Status status = UpsertRow(tx, scope, id, now, change, contact);
    // Another made it between our look and our insert: now there is something to change.
    return mysql::IsDuplicateKey(status) ? UpsertRow(tx, scope, id, now, change, contact) : status;
  }));
  return contact;
}

absl::StatusOr<absl::flat_hash_set<ContactId>> ContactStore::ReplaceMany(const TenantScope& scope,
                                                                         std::vector<ContactWrite> writes,
                                                                         absl::Time now) {
  // All batches take their locks in the same order, so that none waits for another in a circle.
  std::sort(writes.begin(), writes.end(), [](const ContactWrite& a, const ContactWrite& b) { return a.id < b.id; });
  absl::flat_hash_set<ContactId> stale;
  CANVASS_RETURN_IF_ERROR(database_.Write(scope, [&](mysql::Transaction& tx) -> absl::Status {
    stale.clear();
    CANVASS_RETURN_IF_ERROR(FindStale(tx, scope, writes, stale));
    mysql::Params params;
    for (const ContactWrite& write : writes) {
      if (!stale.contains(write.id)) AddRow(scope, write.id, now, Payload(*write.contact), params);
    }
    return tx.InsertRows(kInsert, kInsertColumns, params,
                         "ON DUPLICATE KEY UPDATE revision = revision + 1, update_time = VALUES(update_time), "
                         "payload = VALUES(payload)");
  }));
  return stale;
}

}  // namespace canvass::contacts
