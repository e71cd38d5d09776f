#include "server/contacts/suppression_store.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/base/status_macros.h"
#include "server/contacts/contact.h"
#include "server/contacts/merging/kept_contacts.h"

namespace canvass::contacts {
namespace {

// The longest IN list: statements of few lengths stay prepared.
constexpr std::size_t kMaxTargetsPerQuery = 256;

constexpr absl::string_view kSelect =
    "SELECT target, channel, reason, create_time, payload FROM suppressions WHERE tenant_id = ? ";

absl::StatusOr<v1::Suppression> ReadSuppression(const TenantScope& scope, const mysql::Row& row) {
  v1::Suppression suppression;
  if (!suppression.ParseFromString(row.String(4))) {
    return Error(absl::StatusCode::kInternal, v1::ERROR_REASON_INTERNAL, "a stored suppression cannot be read");
  }
  const int channel = static_cast<int>(row.Int(1));
  suppression.set_name(SuppressionName(scope, {.target = row.Uuid(0), .channel = channel}));
  suppression.set_channel(static_cast<v1::Invitation::Channel>(channel));
  suppression.set_reason(static_cast<v1::Suppression::Reason>(row.Int(2)));
  *suppression.mutable_create_time() = ToProto(row.Time(3));
  return suppression;
}

// What has no column.
std::string Payload(const v1::Suppression& suppression) {
  v1::Suppression rest;
  rest.set_note(suppression.note());
  if (suppression.has_address()) rest.set_address(suppression.address());
  if (suppression.has_contact()) rest.set_contact(suppression.contact());
  return rest.SerializeAsString();
}

// Of a contact that was merged, the kept one is meant: old mails go on naming the duplicate.
absl::Status NameKept(mysql::Transaction& tx, const TenantScope& scope, v1::Suppression& suppression) {
  if (!suppression.has_contact()) return absl::OkStatus();
  CANVASS_ASSIGN_OR_RETURN(const ContactId id, ParseContactName(scope, "suppression.contact", suppression.contact()));
  CANVASS_ASSIGN_OR_RETURN(const KeptContacts kept, FindKept(tx, scope, {id}));
  if (!kept.empty()) suppression.set_contact(ContactName(scope, kept.at(id)));
  return absl::OkStatus();
}

using Places = absl::flat_hash_map<Uuid, std::vector<std::size_t>>;

// Which of `contacts` each target stands for: several people may share an address.
Places PlacesOf(absl::Span<const v1::Contact* const> contacts) {
  Places places;
  for (std::size_t i = 0; i < contacts.size(); ++i) {
    places[ContactTarget(ContactId(contacts[i]->external_id()))].push_back(i);
    for (const v1::Address& address : contacts[i]->addresses()) {
      places[AddressTarget(address.value())].push_back(i);
    }
  }
  return places;
}

std::vector<Uuid> SortedTargets(const Places& places) {
  std::vector<Uuid> targets;
  targets.reserve(places.size());
  for (const auto& [target, of] : places) targets.push_back(target);
  std::sort(targets.begin(), targets.end());
  return targets;
}

}  // namespace

absl::StatusOr<std::vector<std::vector<v1::Suppression>>> SuppressionStore::FindMany(
    mysql::Transaction& tx, const TenantScope& scope, absl::Span<const v1::Contact* const> contacts) {
  std::vector<std::vector<v1::Suppression>> found(contacts.size());
  const Places places = PlacesOf(contacts);
  const std::vector<Uuid> targets = SortedTargets(places);
  for (absl::Span<const Uuid> rest = targets; !rest.empty();
       rest.remove_prefix(std::min(rest.size(), kMaxTargetsPerQuery))) {
    const absl::Span<const Uuid> some = rest.first(std::min(rest.size(), kMaxTargetsPerQuery));
    const std::size_t count = mysql::PadCount(some.size());
    mysql::Params params;
    params.Add(scope.tenant());
    for (std::size_t i = 0; i < count; ++i) params.Add(some[std::min(i, some.size() - 1)]);
    CANVASS_ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        tx.Query(absl::StrCat(kSelect, "AND target IN ", mysql::Placeholders(count), " ORDER BY target, channel"),
                 params));
    for (const mysql::Row& row : rows) {
      CANVASS_ASSIGN_OR_RETURN(const v1::Suppression suppression, ReadSuppression(scope, row));
      for (const std::size_t place : places.at(row.Uuid(0))) found[place].push_back(suppression);
    }
  }
  return found;
}

absl::StatusOr<v1::Suppression> SuppressionStore::Add(const TenantScope& scope, const v1::Suppression& suppression,
                                                      absl::Time now) {
  v1::Suppression stored;
  CANVASS_RETURN_IF_ERROR(database_.Write(scope, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(stored, Add(tx, scope, suppression, now));
    return absl::OkStatus();
  }));
  return stored;
}

absl::StatusOr<v1::Suppression> SuppressionStore::Add(mysql::Transaction& tx, const TenantScope& scope,
                                                      const v1::Suppression& suppression, absl::Time now) {
  v1::Suppression wanted = suppression;
  CANVASS_RETURN_IF_ERROR(NameKept(tx, scope, wanted));
  const SuppressionKey key = KeyOf(wanted);
  mysql::Params row;
  row.Add(scope.tenant()).Add(key.target).Add(key.channel).Add(static_cast<int>(wanted.reason())).Add(now);
  row.Add(Payload(wanted));
  CANVASS_RETURN_IF_ERROR(
      tx.Execute("INSERT INTO suppressions (tenant_id, target, channel, reason, create_time, payload) VALUES "
                 "(?, ?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE reason = reason",
                 row)
          .status());
  mysql::Params named;
  named.Add(scope.tenant()).Add(key.target).Add(key.channel);
  CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows,
                           tx.Query(absl::StrCat(kSelect, "AND target = ? AND channel = ?"), named));
  if (rows.empty()) return SuppressionNotFound();
  return ReadSuppression(scope, rows[0]);
}

absl::Status SuppressionStore::Delete(const TenantScope& scope, const SuppressionKey& key) {
  mysql::Params params;
  params.Add(scope.tenant()).Add(key.target).Add(key.channel);
  return database_.Write(scope, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(
        const int64_t matched,
        tx.Execute("DELETE FROM suppressions WHERE tenant_id = ? AND target = ? AND channel = ?", params));
    return matched == 0 ? SuppressionNotFound() : absl::OkStatus();
  });
}

absl::StatusOr<std::vector<v1::Suppression>> SuppressionStore::List(const TenantScope& scope,
                                                                    const std::optional<Uuid>& target,
                                                                    const std::optional<SuppressionKey>& after,
                                                                    int limit) {
  mysql::Params params;
  params.Add(scope.tenant());
  std::string sql(kSelect);
  if (target.has_value()) {
    absl::StrAppend(&sql, "AND target = ? ");
    params.Add(*target);
  }
  if (after.has_value()) {
    absl::StrAppend(&sql, "AND target >= ? AND (target > ? OR channel > ?) ");
    params.Add(after->target).Add(after->target).Add(after->channel);
  }
  absl::StrAppend(&sql, "ORDER BY target, channel LIMIT ?");
  params.Add(limit);
  std::vector<v1::Suppression> suppressions;
  CANVASS_RETURN_IF_ERROR(database_.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    suppressions.clear();
    CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows, tx.Query(sql, params));
    for (const mysql::Row& row : rows) {
      CANVASS_ASSIGN_OR_RETURN(suppressions.emplace_back(), ReadSuppression(scope, row));
    }
    return absl::OkStatus();
  }));
  return suppressions;
}

}  // namespace canvass::contacts
