#include "server/contacts/merging/kept_contacts.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/status_macros.h"

namespace canvass::contacts {
namespace {

constexpr std::size_t kMaxIdsPerQuery = 256;

// One step: what `ids` became, which may have been merged again.
absl::StatusOr<KeptContacts> FindStep(mysql::Transaction& tx, const TenantScope& scope,
                                      absl::Span<const ContactId> ids) {
  KeptContacts kept;
  for (; !ids.empty(); ids.remove_prefix(std::min(ids.size(), kMaxIdsPerQuery))) {
    const absl::Span<const ContactId> some = ids.first(std::min(ids.size(), kMaxIdsPerQuery));
    const std::size_t count = mysql::PadCount(some.size());
    mysql::Params params;
    params.Add(scope.tenant());
    for (std::size_t i = 0; i < count; ++i) params.Add(some[std::min(i, some.size() - 1)]);
    CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows,
                             tx.Query(absl::StrCat("SELECT contact_id, kept_id FROM contact_merges WHERE tenant_id = ? "
                                                   "AND contact_id IN ",
                                                   mysql::Placeholders(count)),
                                      params));
    for (const mysql::Row& row : rows) kept[ContactId(row.String(0))] = ContactId(row.String(1));
  }
  return kept;
}

}  // namespace

absl::StatusOr<KeptContacts> FindKept(mysql::Transaction& tx, const TenantScope& scope,
                                      absl::Span<const ContactId> ids) {
  CANVASS_ASSIGN_OR_RETURN(KeptContacts kept, FindStep(tx, scope, ids));
  KeptContacts step = kept;
  // Ends: a contact is merged only into one that was not merged itself, so there are no circles.
  while (!step.empty()) {
    std::vector<ContactId> next;
    for (const auto& [id, becomes] : step) next.push_back(becomes);
    CANVASS_ASSIGN_OR_RETURN(step, FindStep(tx, scope, next));
    for (auto& [id, becomes] : kept) {
      if (const auto found = step.find(becomes); found != step.end()) becomes = found->second;
    }
  }
  return kept;
}

absl::Status InsertMerge(mysql::Transaction& tx, const TenantScope& scope, const ContactId& duplicate,
                         const ContactId& kept, absl::Time now) {
  mysql::Params params;
  params.Add(scope.tenant()).Add(duplicate).Add(kept).Add(now);
  return tx
      .Execute("INSERT INTO contact_merges (tenant_id, contact_id, kept_id, create_time) VALUES (?, ?, ?, ?)", params)
      .status();
}

}  // namespace canvass::contacts
