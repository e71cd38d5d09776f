// The rules of a suppression, and what it is found by.
//
// Pure. Addresses are secrets of the person: no message here quotes one.
#ifndef CANVASS_SERVER_CONTACTS_SUPPRESSIONS_SUPPRESSION_H_
#define CANVASS_SERVER_CONTACTS_SUPPRESSIONS_SUPPRESSION_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "canvass/v1/suppression.pb.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"

namespace canvass::contacts {

// What a suppression is stored under.
struct SuppressionKey {
  Uuid target;
  int channel = 0;
  friend bool operator==(const SuppressionKey&, const SuppressionKey&) = default;
};

// What an address is found by, in whatever case it is written: domains are the same in any, and nobody's mailbox is
// another's in capitals.
Uuid AddressTarget(absl::string_view address);
Uuid ContactTarget(const ContactId& contact);

// The key of a valid suppression.
SuppressionKey KeyOf(const v1::Suppression& suppression);

// What may be written of `suppression`, its address in normal form. InvalidArgument (INVALID_SUPPRESSION) with every
// violation below `suppression`; errors as ParseContactName for its contact's name.
absl::StatusOr<v1::Suppression> NormalizeSuppression(const TenantScope& scope, const v1::Suppression& suppression);

// `tenants/{tenant}/suppressions/{suppression}`; the id is the target in hexadecimal and, of one channel, `-email` or
// the like.
std::string SuppressionName(const TenantScope& scope, const SuppressionKey& key);

// The key in such a name. InvalidArgument (INVALID_RESOURCE_NAME) if the name is of another shape; NotFound if it is
// another tenant's, or (SUPPRESSION_NOT_FOUND) its id is none that a suppression can have.
absl::StatusOr<SuppressionKey> ParseSuppressionName(const TenantScope& scope, absl::string_view field,
                                                    absl::string_view name);

// NotFound, SUPPRESSION_NOT_FOUND.
absl::Status SuppressionNotFound();

}  // namespace canvass::contacts

#endif  // CANVASS_SERVER_CONTACTS_SUPPRESSIONS_SUPPRESSION_H_
