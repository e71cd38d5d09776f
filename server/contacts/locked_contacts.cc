#include "server/contacts/locked_contacts.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "server/base/proto_time.h"
#include "server/base/status_macros.h"
#include "server/contacts/address.h"
#include "server/contacts/contact_row.h"

namespace canvass::contacts {
namespace {

// The longest IN list: statements of few lengths stay prepared.
constexpr std::size_t kMaxIdsPerQuery = 256;
constexpr char kInsert[] =
    "INSERT INTO contacts (tenant_id, contact_id, revision, create_time, update_time, payload) VALUES";
constexpr int kInsertColumns = 6;

std::vector<ContactId> SortedDistinct(absl::Span<const ContactId> ids) {
  std::vector<ContactId> distinct(ids.begin(), ids.end());
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  return distinct;
}

// An IN list of `ids` for the end of `params`, padded by repeating the last one.
std::string AddIds(absl::Span<const ContactId> ids, mysql::Params& params) {
  const std::size_t count = mysql::PadCount(ids.size());
  for (std::size_t i = 0; i < count; ++i) params.Add(ids[std::min(i, ids.size() - 1)]);
  return mysql::Placeholders(count);
}

// Calls `function` with `ids`, part by part.
template <typename Function>
absl::Status ForParts(absl::Span<const ContactId> ids, Function function) {
  for (; !ids.empty(); ids.remove_prefix(std::min(ids.size(), kMaxIdsPerQuery))) {
    CANVASS_RETURN_IF_ERROR(function(ids.first(std::min(ids.size(), kMaxIdsPerQuery))));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<LockedContacts> LockedContacts::Lock(mysql::Transaction& tx, const TenantScope& scope,
                                                    absl::Span<const ContactId> ids, absl::Time now) {
  LockedContacts locked(scope, now);
  const std::vector<ContactId> distinct = SortedDistinct(ids);
  CANVASS_RETURN_IF_ERROR(locked.LockRows(tx, distinct));
  // Looked up under the locks: a merge has to lock them, too.
  CANVASS_ASSIGN_OR_RETURN(locked.kept_, FindKept(tx, scope, distinct));
  if (locked.kept_.empty()) {
    CANVASS_RETURN_IF_ERROR(locked.ReadRows(tx, distinct));
    return locked;
  }
  std::vector<ContactId> merged;
  std::vector<ContactId> kept;
  for (const ContactId& id : distinct) {
    const auto found = locked.kept_.find(id);
    if (found != locked.kept_.end()) merged.push_back(id);
    kept.push_back(found == locked.kept_.end() ? id : found->second);
  }
  CANVASS_RETURN_IF_ERROR(locked.DeleteRows(tx, merged));
  kept = SortedDistinct(kept);
  CANVASS_RETURN_IF_ERROR(locked.LockRows(tx, kept));
  CANVASS_RETURN_IF_ERROR(locked.ReadRows(tx, kept));
  return locked;
}

const ContactId& LockedContacts::Kept(const ContactId& id) const {
  const auto found = kept_.find(id);
  return found == kept_.end() ? id : found->second;
}

const v1::Contact& LockedContacts::Get(const ContactId& id) const { return entries_.at(Kept(id)).contact; }

void LockedContacts::Set(const ContactId& id, v1::Contact contact) {
  Entry& entry = EntryOf(id);
  SettleAddresses(entry.contact.addresses(), now_, *contact.mutable_addresses());
  entry.contact.mutable_attributes()->Swap(contact.mutable_attributes());
  entry.contact.set_language(contact.language());
  entry.contact.set_time_zone(contact.time_zone());
  entry.contact.mutable_addresses()->Swap(contact.mutable_addresses());
  entry.is_set = true;
}

absl::Status LockedContacts::Write(mysql::Transaction& tx) {
  mysql::Params rows;
  std::vector<ContactId> unwanted;
  for (auto& [id, entry] : entries_) {
    const bool is_new = entry.revision == 0;
    if (is_new && !entry.is_set) unwanted.push_back(id);
    if (!entry.is_set) continue;
    std::string payload = ContactPayload(entry.contact);
    if (!is_new && payload == entry.payload) continue;
    entry.contact.set_etag(absl::StrCat(entry.revision + 1));
    if (is_new) *entry.contact.mutable_create_time() = ToProto(now_);
    *entry.contact.mutable_update_time() = ToProto(now_);
    rows.Add(scope_.tenant()).Add(id).Add(entry.revision + 1).Add(now_).Add(now_).Add(std::move(payload));
  }
  CANVASS_RETURN_IF_ERROR(DeleteRows(tx, unwanted));
  return tx.InsertRows(kInsert, kInsertColumns, rows,
                       "ON DUPLICATE KEY UPDATE revision = VALUES(revision), update_time = VALUES(update_time), "
                       "payload = VALUES(payload)");
}

absl::Status LockedContacts::Delete(mysql::Transaction& tx, const ContactId& id) {
  entries_.erase(id);
  return DeleteRows(tx, {id});
}

absl::Status LockedContacts::LockRows(mysql::Transaction& tx, absl::Span<const ContactId> ids) {
  mysql::Params rows;
  for (const ContactId& id : ids) rows.Add(scope_.tenant()).Add(id).Add(0).Add(now_).Add(now_).Add("");
  // Locks the row whether it was there or not, and waits for whoever holds it.
  return tx.InsertRows(kInsert, kInsertColumns, rows, "ON DUPLICATE KEY UPDATE revision = revision");
}

absl::Status LockedContacts::ReadRows(mysql::Transaction& tx, absl::Span<const ContactId> ids) {
  return ForParts(ids, [&](absl::Span<const ContactId> some) -> absl::Status {
    mysql::Params params;
    params.Add(scope_.tenant());
    const std::string list = AddIds(some, params);
    CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows,
                             tx.Query(absl::StrCat("SELECT ", kContactColumns,
                                                   " FROM contacts WHERE tenant_id = ? AND contact_id IN ", list),
                                      params));
    for (const mysql::Row& row : rows) {
      const ContactId id(row.String(0));
      Entry& entry = entries_[id];
      entry.revision = row.Int(1);
      entry.payload = row.String(4);
      if (entry.revision == 0) {
        entry.contact = NewContact(scope_, id);
      } else {
        CANVASS_ASSIGN_OR_RETURN(entry.contact, ReadContact(scope_, row));
      }
    }
    return absl::OkStatus();
  });
}

absl::Status LockedContacts::DeleteRows(mysql::Transaction& tx, absl::Span<const ContactId> ids) {
  return ForParts(ids, [&](absl::Span<const ContactId> some) -> absl::Status {
    mysql::Params params;
    params.Add(scope_.tenant());
    const std::string list = AddIds(some, params);
    return tx.Execute(absl::StrCat("DELETE FROM contacts WHERE tenant_id = ? AND contact_id IN ", list), params)
        .status();
  });
}

}  // namespace canvass::contacts
