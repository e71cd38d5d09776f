#include "server/contacts/contact_row.h"

#include "absl/strings/str_cat.h"
#include "server/base/digest.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/contacts/contact.h"

namespace canvass::contacts {

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

v1::Contact NewContact(const TenantScope& scope, const ContactId& id) {
  v1::Contact contact;
  contact.set_name(ContactName(scope, id));
  contact.set_external_id(id.value());
  return contact;
}

std::string ContactPayload(const v1::Contact& contact) {
  v1::Contact content;
  if (contact.has_attributes()) *content.mutable_attributes() = contact.attributes();
  content.set_language(contact.language());
  content.set_time_zone(contact.time_zone());
  *content.mutable_addresses() = contact.addresses();
  return StableBytes(content);
}

}  // namespace canvass::contacts
