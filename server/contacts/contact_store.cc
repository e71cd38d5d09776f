#include "server/contacts/contact_store.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/status_macros.h"
#include "server/contacts/contact.h"
#include "server/contacts/contact_row.h"
#include "server/contacts/locked_contacts.h"
#include "server/contacts/merging/kept_contacts.h"
#include "server/contacts/merging/merge_content.h"

namespace canvass::contacts {
namespace {

// What a page of contacts may weigh, so that neither the server nor a client's message limit is strained.
constexpr int64_t kMaxPageBytes = int64_t{3} << 20;
// The longest IN list: statements of few lengths stay prepared.
constexpr std::size_t kMaxIdsPerQuery = 256;

// An IN list of `ids` for the end of `params`, padded by repeating the last one.
std::string AddIds(absl::Span<const ContactId> ids, mysql::Params& params) {
  const std::size_t count = mysql::PadCount(ids.size());
  for (std::size_t i = 0; i < count; ++i) params.Add(ids[std::min(i, ids.size() - 1)]);
  return mysql::Placeholders(count);
}

std::vector<ContactId> IdsOf(absl::Span<const ContactWrite> writes) {
  std::vector<ContactId> ids;
  ids.reserve(writes.size());
  for (const ContactWrite& write : writes) ids.push_back(write.id);
  return ids;
}

bool HasStaleEtag(const ContactWrite& write, const v1::Contact& stored) {
  return !write.contact->etag().empty() && write.contact->etag() != stored.etag();
}

// The contacts of which a write has an etag that is not the current one.
absl::flat_hash_set<ContactId> FindStale(const LockedContacts& contacts, absl::Span<const ContactWrite> writes) {
  absl::flat_hash_set<ContactId> stale;
  for (const ContactWrite& write : writes) {
    if (HasStaleEtag(write, contacts.Get(write.id))) stale.insert(contacts.Kept(write.id));
  }
  return stale;
}

}  // namespace

absl::StatusOr<v1::Contact> ContactStore::Get(const TenantScope& scope, const ContactId& id) {
  v1::Contact contact;
  CANVASS_RETURN_IF_ERROR(database_.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(auto found, GetMany(tx, scope, {id}));
    if (found.empty()) return ContactNotFound(id);
    contact = std::move(found.begin()->second);
    return absl::OkStatus();
  }));
  return contact;
}

absl::StatusOr<ContactId> ContactStore::Kept(const TenantScope& scope, const ContactId& id) {
  ContactId kept = id;
  CANVASS_RETURN_IF_ERROR(database_.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(const KeptContacts found, FindKept(tx, scope, {id}));
    if (!found.empty()) kept = found.at(id);
    return absl::OkStatus();
  }));
  return kept;
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
        tx.Query(absl::StrCat("SELECT ", kContactColumns,
                              " FROM contacts WHERE tenant_id = ? AND contact_id > ? ORDER BY contact_id LIMIT ?"),
                 params));
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
  std::vector<ContactId> merged;
  for (absl::Span<const ContactId> rest = distinct; !rest.empty();
       rest.remove_prefix(std::min(rest.size(), kMaxIdsPerQuery))) {
    const absl::Span<const ContactId> some = rest.first(std::min(rest.size(), kMaxIdsPerQuery));
    mysql::Params params;
    params.Add(scope.tenant());
    const std::string list = AddIds(some, params);
    params.Add(scope.tenant());
    AddIds(some, params);
    // Both in one statement: few tenants have merged anybody, and then the second half costs next to nothing.
    CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows,
                             tx.Query(absl::StrCat("SELECT ", kContactColumns,
                                                   ", 0 FROM contacts WHERE tenant_id = ? AND contact_id IN ", list,
                                                   " UNION ALL SELECT contact_id, 0, 0, 0, '', 1 FROM contact_merges "
                                                   "WHERE tenant_id = ? AND contact_id IN ",
                                                   list),
                                      params));
    for (const mysql::Row& row : rows) {
      if (row.Int(5) != 0) {
        merged.emplace_back(row.String(0));
      } else {
        CANVASS_ASSIGN_OR_RETURN(contacts[ContactId(row.String(0))], ReadContact(scope, row));
      }
    }
  }
  if (merged.empty()) return contacts;
  CANVASS_ASSIGN_OR_RETURN(const KeptContacts kept, FindKept(tx, scope, merged));
  std::vector<ContactId> wanted;
  for (const auto& [id, becomes] : kept) wanted.push_back(becomes);
  CANVASS_ASSIGN_OR_RETURN(const auto found, GetMany(tx, scope, wanted));
  for (const auto& [id, becomes] : kept) {
    if (const auto contact = found.find(becomes); contact != found.end()) contacts[id] = contact->second;
  }
  return contacts;
}

absl::StatusOr<v1::Contact> ContactStore::Upsert(const TenantScope& scope, const ContactId& id, absl::Time now,
                                                 ContactChange change) {
  v1::Contact contact;
  CANVASS_RETURN_IF_ERROR(database_.Write(scope, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(LockedContacts contacts, LockedContacts::Lock(tx, scope, {id}, now));
    contact = contacts.Get(id);
    CANVASS_RETURN_IF_ERROR(change(contact));
    contacts.Set(id, std::move(contact));
    CANVASS_RETURN_IF_ERROR(contacts.Write(tx));
    contact = contacts.Get(id);
    return absl::OkStatus();
  }));
  return contact;
}

absl::StatusOr<absl::flat_hash_set<ContactId>> ContactStore::ReplaceMany(const TenantScope& scope,
                                                                         absl::Span<const ContactWrite> writes,
                                                                         absl::Time now) {
  absl::flat_hash_set<ContactId> refused;
  CANVASS_RETURN_IF_ERROR(database_.Write(scope, [&](mysql::Transaction& tx) -> absl::Status {
    refused.clear();
    CANVASS_ASSIGN_OR_RETURN(LockedContacts contacts, LockedContacts::Lock(tx, scope, IdsOf(writes), now));
    const absl::flat_hash_set<ContactId> stale = FindStale(contacts, writes);
    for (const ContactWrite& write : writes) {
      if (stale.contains(contacts.Kept(write.id))) {
        refused.insert(write.id);
      } else {
        contacts.Set(write.id, *write.contact);
      }
    }
    return contacts.Write(tx);
  }));
  return refused;
}

absl::StatusOr<absl::flat_hash_set<ContactId>> ContactStore::CheckReplaceMany(const TenantScope& scope,
                                                                              absl::Span<const ContactWrite> writes) {
  absl::flat_hash_set<ContactId> refused;
  CANVASS_RETURN_IF_ERROR(database_.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    refused.clear();
    CANVASS_ASSIGN_OR_RETURN(const auto stored, GetMany(tx, scope, IdsOf(writes)));
    for (const ContactWrite& write : writes) {
      const auto found = stored.find(write.id);
      if (HasStaleEtag(write, found == stored.end() ? v1::Contact() : found->second)) refused.insert(write.id);
    }
    return absl::OkStatus();
  }));
  return refused;
}

absl::StatusOr<AppliedChanges> ContactStore::ApplyChanges(mysql::Transaction& tx, const TenantScope& scope,
                                                          absl::Span<const ContactWrite> writes, absl::Time now) {
  AppliedChanges applied;
  if (writes.empty()) return applied;
  CANVASS_ASSIGN_OR_RETURN(LockedContacts contacts, LockedContacts::Lock(tx, scope, IdsOf(writes), now));
  for (const ContactWrite& write : writes) {
    // The change by itself first: two addresses of one channel would be one afterwards.
    applied.statuses.push_back(ValidateContact(*write.contact));
    if (!applied.statuses.back().ok()) continue;
    v1::Contact contact = contacts.Get(write.id);
    ApplyChange(*write.contact, contact);
    applied.statuses.back() = ValidateContact(contact);
    if (applied.statuses.back().ok()) contacts.Set(write.id, std::move(contact));
  }
  CANVASS_RETURN_IF_ERROR(contacts.Write(tx));
  for (const ContactWrite& write : writes) {
    const v1::Contact& contact = contacts.Get(write.id);
    if (!contact.etag().empty()) applied.contacts[write.id] = contact;
  }
  return applied;
}

}  // namespace canvass::contacts
