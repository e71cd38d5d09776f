// Frequency caps: when customers were asked, held still for the length of a transaction.
//
//   CANVASS_ASSIGN_OR_RETURN(ContactClocks clocks, ContactClocks::Reserve(tx, scope, needs, metrics));
//   if (std::optional<absl::Time> other = clocks.WithinInterval(contact, clock, due, interval)) … suppressed by `other`
//   … clocks.Move(contact, ClocksOf(asked), due);                      // asked
//   CANVASS_RETURN_IF_ERROR(clocks.Write(tx, scope));
//
// Every contact has one clock for all it is asked and one for each survey, metric and channel: see rules/caps.h. A row
// holds the latest due time that it let through. The row `contact` is also the lock of all of the contact's clocks:
// Reserve creates or locks it, for all contacts in one order, and no clock is read before. So of two publishers that
// want to ask one customer the second decides after the first has committed, and sees it.
//
// The latest time alone cannot judge an event that comes late, an interval or more before it. For such contacts Reserve
// also reads when they were asked around that time, from their invitations.
//
// Belongs to one run of one transaction. Not thread-safe.
#ifndef CANVASS_SERVER_TRIGGERS_LIMITS_CONTACT_CLOCKS_H_
#define CANVASS_SERVER_TRIGGERS_LIMITS_CONTACT_CLOCKS_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/mysql/database.h"

namespace canvass::triggers {

// A contact that may be asked at `due`, and the clock and interval of the cap; empty and zero without one.
struct ClockNeed {
  ContactId contact;
  absl::Time due;
  std::string clock = {};
  absl::Duration interval = absl::ZeroDuration();
};

// The metrics of surveys, for what invitations of the past counted as. A survey that is not there counts as none.
using SurveyMetrics = absl::flat_hash_map<SurveyId, std::string>;

class ContactClocks {
 public:
  // Locks the clocks of all contacts in `needs` until the end of the transaction and reads them.
  static absl::StatusOr<ContactClocks> Reserve(mysql::Transaction& tx, const TenantScope& scope,
                                               absl::Span<const ClockNeed> needs, const SurveyMetrics& metrics);

  // The latest time at which `clock` let a survey through that is less than `interval` before or after `due`.
  std::optional<absl::Time> WithinInterval(const ContactId& contact, absl::string_view clock, absl::Time due,
                                           absl::Duration interval) const;

  // The latest time at all.
  std::optional<absl::Time> Latest(const ContactId& contact, absl::string_view clock) const;

  // Notes that the contact is asked at `due`, by all of `clocks`.
  void Move(const ContactId& contact, absl::Span<const std::string> clocks, absl::Time due);

  // Writes the clocks that moved.
  absl::Status Write(mysql::Transaction& tx, const TenantScope& scope) const;

 private:
  // The times of one clock that are known: the row's, those of invitations around a late event, those of this run.
  struct ClockState {
    std::vector<absl::Time> times;
    bool moved = false;
  };
  using Clocks = absl::btree_map<std::string, ClockState, std::less<>>;

  // The span of time around a contact's late events, in which its invitations matter.
  struct LateSpan {
    absl::Time start;
    absl::Time end;
  };

  absl::Status Read(mysql::Transaction& tx, const TenantScope& scope);
  absl::Status ReadHistory(mysql::Transaction& tx, const TenantScope& scope,
                           const absl::flat_hash_map<ContactId, LateSpan>& late, const SurveyMetrics& metrics);
  absl::flat_hash_map<ContactId, LateSpan> LateContacts(absl::Span<const ClockNeed> needs) const;
  const ClockState* Find(const ContactId& contact, absl::string_view clock) const;

  // In the order in which rows are locked.
  absl::btree_map<ContactId, Clocks> contacts_;
};

}  // namespace canvass::triggers

#endif  // CANVASS_SERVER_TRIGGERS_LIMITS_CONTACT_CLOCKS_H_
