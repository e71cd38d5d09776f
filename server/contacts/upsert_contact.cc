#include "server/contacts/upsert_contact.h"

#include "absl/strings/str_cat.h"
#include "server/base/aip/field_mask.h"
#include "server/base/error.h"
#include "server/base/status_macros.h"
#include "server/contacts/contact.h"

namespace canvass::contacts {
namespace {

constexpr absl::string_view kChangeable[] = {"attributes", "attributes.*", "language", "time_zone", "addresses"};

absl::Status Apply(const v1::UpsertContactRequest& request, v1::Contact& contact) {
  const std::string& etag = request.contact().etag();
  if (!etag.empty() && etag != contact.etag()) {
    return Error(absl::StatusCode::kAborted, v1::ERROR_REASON_ETAG_MISMATCH,
                 absl::StrCat("'", contact.name(), "' was changed since it was read; read it again, then change it"));
  }
  CANVASS_RETURN_IF_ERROR(ApplyFieldMask(request.update_mask(), kChangeable, request.contact(), contact));
  return ValidateContact(contact);
}

}  // namespace

absl::StatusOr<v1::Contact> UpsertContact(ContactStore& store, const Clock& clock, const TenantScope& scope,
                                          const v1::UpsertContactRequest& request) {
  CANVASS_ASSIGN_OR_RETURN(const ContactId id, ParseContactName(scope, "contact.name", request.contact().name()));
  return store.Upsert(scope, id, clock.Now(), [&](v1::Contact& contact) { return Apply(request, contact); });
}

}  // namespace canvass::contacts
