#include "server/contacts/get_contact.h"

#include <string>
#include <utility>

#include "server/base/aip/page_token.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/contacts/contact.h"

namespace canvass::contacts {
namespace {

constexpr int kDefaultPageSize = 100;
constexpr int kMaxPageSize = 1000;
constexpr char kList[] = "ListContacts";

}  // namespace

absl::StatusOr<v1::Contact> GetContact(ContactStore& store, const TenantScope& scope,
                                       const v1::GetContactRequest& request) {
  CANVASS_ASSIGN_OR_RETURN(const ContactId id, ParseContactName(scope, "name", request.name()));
  return store.Get(scope, id);
}

absl::StatusOr<v1::ListContactsResponse> ListContacts(ContactStore& store, const TenantScope& scope,
                                                      const v1::ListContactsRequest& request) {
  CANVASS_RETURN_IF_ERROR(CheckParent(scope, request.parent()));
  CANVASS_ASSIGN_OR_RETURN(const int page_size, PageSize(request.page_size(), kDefaultPageSize, kMaxPageSize));
  CANVASS_ASSIGN_OR_RETURN(const std::string after, DecodePageToken(kList, request.page_token()));
  CANVASS_ASSIGN_OR_RETURN(ContactPage page, store.List(scope, after, page_size));
  v1::ListContactsResponse response;
  for (v1::Contact& contact : page.contacts) *response.add_contacts() = std::move(contact);
  if (page.more) response.set_next_page_token(EncodePageToken(kList, response.contacts().rbegin()->external_id()));
  return response;
}

}  // namespace canvass::contacts
