// What a backtest knows of customers: what it looked up once, and when each trigger asked them.
//
//   Customers customers(sources, scope);
//   CANVASS_RETURN_IF_ERROR(customers.Meet(ids, replays));
//   Customers::Customer& customer = customers.Of(id);
//
// Not thread-safe; calls block.
#ifndef CANVASS_SERVER_EVENTS_BACKTEST_CUSTOMERS_H_
#define CANVASS_SERVER_EVENTS_BACKTEST_CUSTOMERS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "canvass/v1/contact.pb.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/contacts/contact_store.h"
#include "server/contacts/suppression_store.h"
#include "server/events/backtest/replay.h"
#include "server/mysql/database.h"

namespace canvass::events {

class Customers {
 public:
  // A candidate and what it is compared with.
  static constexpr std::size_t kMaxRules = 2;

  struct Customer {
    // Has the customer's time zone.
    const v1::Contact* zone = nullptr;
    std::array<CustomerState, kMaxRules> of_rule;
  };

  Customers(mysql::Database& database, contacts::ContactStore& contacts, contacts::SuppressionStore& suppressions,
            const TenantScope& scope)
      : database_(database), contacts_(contacts), suppressions_(suppressions), scope_(scope) {}

  // Those of `ids` that exist, as they are now.
  absl::StatusOr<absl::flat_hash_map<ContactId, v1::Contact>> LookUp(const absl::flat_hash_set<ContactId>& ids);
  // Makes those of `ids` known to all of `replays`, unless they are.
  absl::Status Meet(const absl::flat_hash_set<ContactId>& ids, absl::Span<Replay* const> replays);

  // Of one who was met. Valid until others are met.
  Customer& Of(const ContactId& id) { return customers_.find(id)->second; }
  // How many `rule` asked.
  int64_t CountAsked(std::size_t rule) const;

 private:
  absl::Status MeetSome(absl::Span<const ContactId> ids, absl::Span<Replay* const> replays);
  const v1::Contact* ZoneOf(const v1::Contact& contact);

  mysql::Database& database_;
  contacts::ContactStore& contacts_;
  contacts::SuppressionStore& suppressions_;
  const TenantScope scope_;
  absl::flat_hash_map<ContactId, Customer> customers_;
  // One contact of each time zone, with nothing else in it.
  absl::flat_hash_map<std::string, std::unique_ptr<const v1::Contact>> zones_;
};

}  // namespace canvass::events

#endif  // CANVASS_SERVER_EVENTS_BACKTEST_CUSTOMERS_H_
