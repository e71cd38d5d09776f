#include "server/contacts/batch_upsert_contacts.h"

#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/contacts/contact.h"

namespace canvass::contacts {
namespace {

constexpr int kMaxContacts = 1000;

void AddProblem(int index, const absl::Status& status, v1::BatchUpsertContactsResponse& response) {
  v1::ContactProblem& item = *response.add_problems();
  item.set_index(index);
  *item.mutable_problem() = ProblemOf(status);
}

absl::StatusOr<ContactId> Check(const TenantScope& scope, const v1::Contact& contact) {
  CANVASS_ASSIGN_OR_RETURN(ContactId id, ParseContactName(scope, "name", contact.name()));
  CANVASS_RETURN_IF_ERROR(ValidateContact(contact));
  return id;
}

absl::Status StaleEtag(const v1::Contact& contact) {
  return Error(absl::StatusCode::kAborted, v1::ERROR_REASON_ETAG_MISMATCH,
               absl::StrCat("'", contact.name(), "' was changed since it was read; read it again, then change it"));
}

}  // namespace

absl::StatusOr<v1::BatchUpsertContactsResponse> BatchUpsertContacts(ContactStore& store, const Clock& clock,
                                                                    const TenantScope& scope,
                                                                    const v1::BatchUpsertContactsRequest& request) {
  CANVASS_RETURN_IF_ERROR(CheckParent(scope, request.parent()));
  if (request.contacts().empty() || request.contacts_size() > kMaxContacts) {
    return FieldError(v1::ERROR_REASON_INVALID_FIELD, "contacts",
                      absl::StrCat("has ", request.contacts_size(), " items; 1 to ", kMaxContacts, " are allowed"));
  }
  v1::BatchUpsertContactsResponse response;
  std::vector<absl::StatusOr<ContactId>> ids;
  std::vector<ContactWrite> writes;
  for (const v1::Contact& contact : request.contacts()) {
    ids.push_back(Check(scope, contact));
    if (ids.back().ok()) writes.push_back({*ids.back(), &contact});
  }
  absl::flat_hash_set<ContactId> stale;
  if (!writes.empty()) {
    CANVASS_ASSIGN_OR_RETURN(stale, request.validate_only() ? store.CheckReplaceMany(scope, writes)
                                                            : store.ReplaceMany(scope, writes, clock.Now()));
  }
  for (int i = 0; i < request.contacts_size(); ++i) {
    const absl::StatusOr<ContactId>& id = ids[static_cast<std::size_t>(i)];
    if (!id.ok()) {
      AddProblem(i, id.status(), response);
    } else if (stale.contains(*id)) {
      AddProblem(i, StaleEtag(request.contacts(i)), response);
    }
  }
  if (!request.validate_only()) response.set_stored(request.contacts_size() - response.problems_size());
  return response;
}

}  // namespace canvass::contacts
