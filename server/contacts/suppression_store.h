// The rows of suppressions: who must not be asked.
//
// Returned suppressions carry every output field. Thread-safe; calls block.
#ifndef CANVASS_SERVER_CONTACTS_SUPPRESSION_STORE_H_
#define CANVASS_SERVER_CONTACTS_SUPPRESSION_STORE_H_

#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "canvass/v1/contact.pb.h"
#include "canvass/v1/suppression.pb.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/contacts/suppressions/suppression.h"
#include "server/mysql/database.h"

namespace canvass::contacts {

class SuppressionStore {
 public:
  explicit SuppressionStore(mysql::Database& database) : database_(database) {}

  // The suppressions of each of `contacts` (by external_id) and of each of its addresses, in the order of `contacts`;
  // which channel they close, ReachOn knows. Within the caller's transaction; does not lock.
  absl::StatusOr<std::vector<std::vector<v1::Suppression>>> FindMany(mysql::Transaction& tx, const TenantScope& scope,
                                                                     absl::Span<const v1::Contact* const> contacts);

  // Stores a valid suppression unless one is there already under its key; returns the one that is there. A contact
  // that was merged stands for the kept one.
  absl::StatusOr<v1::Suppression> Add(const TenantScope& scope, const v1::Suppression& suppression, absl::Time now);
  // The same within the caller's transaction.
  absl::StatusOr<v1::Suppression> Add(mysql::Transaction& tx, const TenantScope& scope,
                                      const v1::Suppression& suppression, absl::Time now);
  // NotFound (SUPPRESSION_NOT_FOUND) if there is none.
  absl::Status Delete(const TenantScope& scope, const SuppressionKey& key);
  // By key, from behind `after`; at most `limit`. Only those of `target`, if given.
  absl::StatusOr<std::vector<v1::Suppression>> List(const TenantScope& scope, const std::optional<Uuid>& target,
                                                    const std::optional<SuppressionKey>& after, int limit);

 private:
  mysql::Database& database_;
};

}  // namespace canvass::contacts

#endif  // CANVASS_SERVER_CONTACTS_SUPPRESSION_STORE_H_
