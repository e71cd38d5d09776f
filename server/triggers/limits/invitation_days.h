// Daily limits: how many invitations are due on the tenant's days, held still for the length of a transaction.
//
//   CANVASS_ASSIGN_OR_RETURN(InvitationDays days, InvitationDays::Reserve(tx, scope, needs));
//   if (days.Count({.trigger = id, .day = day}) < limit) days.Add({.trigger = id, .day = day});
//   CANVASS_RETURN_IF_ERROR(days.Write(tx, scope));
//
// A day that has a limit is one row, which all publishers of the tenant share: reserve it last, and only where there is
// a limit. Belongs to one run of one transaction. Not thread-safe.
#ifndef CANVASS_SERVER_TRIGGERS_LIMITS_INVITATION_DAYS_H_
#define CANVASS_SERVER_TRIGGERS_LIMITS_INVITATION_DAYS_H_

#include <cstdint>
#include <set>

#include "absl/container/btree_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/mysql/database.h"

namespace canvass::triggers {

// What is counted: one trigger's invitations or, with an empty id, those of all, that are due on a day (since 1970).
struct CountedDay {
  TriggerId trigger;
  int64_t day = 0;
  friend bool operator==(const CountedDay&, const CountedDay&) = default;
  friend auto operator<=>(const CountedDay&, const CountedDay&) = default;
};

class InvitationDays {
 public:
  // Locks the counts of `days` until the end of the transaction and reads them.
  static absl::StatusOr<InvitationDays> Reserve(mysql::Transaction& tx, const TenantScope& scope,
                                                const std::set<CountedDay>& days);

  // 0 for what was not reserved.
  int64_t Count(const CountedDay& day) const;
  // Counts one more, if the day was reserved.
  void Add(const CountedDay& day);

  // Writes what was added.
  absl::Status Write(mysql::Transaction& tx, const TenantScope& scope) const;

 private:
  struct Total {
    int64_t stored = 0;
    int64_t added = 0;
  };
  absl::Status Read(mysql::Transaction& tx, const TenantScope& scope);

  absl::btree_map<CountedDay, Total> totals_;
};

}  // namespace canvass::triggers

#endif  // CANVASS_SERVER_TRIGGERS_LIMITS_INVITATION_DAYS_H_
