// How often one contact may answer a survey (RepeatPolicy), within one attempt to write a batch of one tenant.
//
//   ContactTurns turns(scope);
//   for (const Submission* item : items) turns.Expect(*item, contact);
//   CANVASS_RETURN_IF_ERROR(turns.Lock(tx));
//   if (const EarlierResponse* same = turns.FindSame(*item)) …     // it is that one, sent again
//   if (absl::Status turn = turns.Check(*item); !turn.ok()) …      // refused; the others go on
//   turns.Take(*item);
//
// Surveys without a policy cost nothing. Belongs to one transaction; not thread-safe.
#ifndef CANVASS_SERVER_RESPONSES_REPEATS_CONTACT_TURNS_H_
#define CANVASS_SERVER_RESPONSES_REPEATS_CONTACT_TURNS_H_

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/mysql/database.h"
#include "server/responses/submission.h"

namespace canvass::responses {

// What is stored of a contact, or about to be.
struct EarlierResponse {
  Uuid id;
  int survey_version = 0;
  absl::Time answer_time;
  absl::Time create_time;
  // Equal if the answers are.
  std::string answers;
};

// True if the survey's policy may refuse `item`, as far as is known.
bool HasTurns(const Submission& item);

class ContactTurns {
 public:
  // `scope` must outlive it.
  explicit ContactTurns(const TenantScope& scope) : scope_(scope) {}

  // Prepares for an item of `contact`, empty if it is anonymous, that may be taken.
  void Expect(const Submission& item, const ContactId& contact);

  // Lets nobody else store responses of the expected contacts until the transaction ends, then reads what is stored.
  absl::Status Lock(mysql::Transaction& tx);

  // The response that an expected item, valid and with its contact, repeats; null if there is none. Valid until Take.
  const EarlierResponse* FindSame(const Submission& item) const;
  // AlreadyExists (CONTACT_ANSWERED) if the contact answered too near to the item's answer time.
  absl::Status Check(const Submission& item) const;
  // Notes that the item is stored.
  void Take(const Submission& item);

 private:
  using Key = std::pair<SurveyId, ContactId>;

  absl::Status LockRows(mysql::Transaction& tx) const;
  absl::Status ReadEarlier(mysql::Transaction& tx);
  const std::vector<EarlierResponse>* Find(const Submission& item) const;

  const TenantScope& scope_;
  absl::btree_map<Key, std::vector<EarlierResponse>> earlier_;
  // What the policies of all expected items look at.
  absl::Time first_ = absl::InfiniteFuture();
  absl::Time last_ = absl::InfinitePast();
};

}  // namespace canvass::responses

#endif  // CANVASS_SERVER_RESPONSES_REPEATS_CONTACT_TURNS_H_
