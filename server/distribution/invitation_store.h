// The rows of invitations.
//
//   CANVASS_ASSIGN_OR_RETURN(auto records, invitations.LockMany(tx, scope, ids));
//   … judge records.at(id).invitation.state() …
//   CANVASS_RETURN_IF_ERROR(invitations.MarkAnswered(tx, answered));
//
// Columns are authoritative for state and times; the payload holds the rest. Records never carry a token.
// Thread-safe; calls block.
#ifndef CANVASS_SERVER_DISTRIBUTION_INVITATION_STORE_H_
#define CANVASS_SERVER_DISTRIBUTION_INVITATION_STORE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "canvass/v1/invitation.pb.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/mysql/database.h"

namespace canvass::distribution {

struct InvitationRecord {
  Uuid id;
  v1::Invitation invitation;  // without token
  SurveyId survey;
  int survey_version = 0;
  ContactId contact;
};

// An invitation to be stored as SCHEDULED.
struct NewInvitation {
  Uuid id;
  SurveyId survey;
  int survey_version = 0;
  ContactId contact;
  absl::Time schedule_time;
  absl::Time expire_time = {};
  // What has no column: trigger, event, channel, facts, create_time. The rest is left unset.
  v1::Invitation content = {};
};

// One answer to one invitation.
struct Answered {
  TenantId tenant;
  Uuid invitation;
  absl::Time answer_time;
};

// Where a page of a list goes on: behind the invitation with this time and id.
struct InvitationPosition {
  absl::Time schedule_time;
  Uuid id;
};

// An invitation that nobody was shown yet.
struct WaitingInvitation {
  ContactId contact;
  Uuid id;
};

class InvitationStore {
 public:
  explicit InvitationStore(mysql::Database& database) : database_(database) {}

  mysql::Database& database() { return database_; }

  // Inserts invitations, best sorted by id. AlreadyExists with IsDuplicateKey if an id is taken.
  absl::Status Insert(mysql::Transaction& tx, const TenantScope& scope, absl::Span<const NewInvitation> invitations);

  // Reads and locks invitations in the order of their ids; those that do not exist are absent.
  absl::StatusOr<absl::flat_hash_map<Uuid, InvitationRecord>> LockMany(mysql::Transaction& tx, const TenantScope& scope,
                                                                       absl::Span<const Uuid> ids);

  // Sets ANSWERED and the answer's time, for invitations of any tenants, in one statement. One that was never
  // acknowledged as shown becomes delivered at its answer: the caller then folds kDelivered too and tells
  // DecisionStore::MarkSent (see DecisionOf). Every invitation must have been locked by LockMany in the same
  // transaction.
  absl::Status MarkAnswered(mysql::Transaction& tx, absl::Span<const Answered> answered);

  // Writes state, deliver_time and answer_time of a locked invitation.
  absl::Status UpdateState(mysql::Transaction& tx, const TenantScope& scope, const InvitationRecord& record);

  // The same with channel and reminders_sent.
  absl::Status UpdateSending(mysql::Transaction& tx, const TenantScope& scope, const InvitationRecord& record);

  // Makes those of `ids`, at most 512, that are CANCELLED wait again, as SCHEDULED.
  absl::Status Reopen(mysql::Transaction& tx, const TenantScope& scope, absl::Span<const Uuid> ids);

  // NotFound, INVITATION_NOT_FOUND, if there is none.
  absl::StatusOr<InvitationRecord> Get(const TenantScope& scope, const Uuid& id);

  // A customer's invitations, the latest due first, from behind `after`; at most `limit`. Of one who was merged into
  // another contact, here and below, that one's.
  absl::StatusOr<std::vector<InvitationRecord>> ListByContact(const TenantScope& scope, const ContactId& contact,
                                                              const std::optional<InvitationPosition>& after,
                                                              int limit);

  // All of the tenant's invitations, the latest created first, from behind `after`; at most `limit`.
  absl::StatusOr<std::vector<InvitationRecord>> ListAll(const TenantScope& scope, const std::optional<Uuid>& after,
                                                        int limit);

  // A customer's invitations that are SCHEDULED or DELIVERED, due and not expired at `now`, the earliest due first,
  // from behind `after`; at most `limit`.
  absl::StatusOr<std::vector<InvitationRecord>> ListDue(const TenantScope& scope, const ContactId& contact,
                                                        absl::Time now, const std::optional<InvitationPosition>& after,
                                                        int limit);

  // The invitations of `contacts`, at most 512, that are SCHEDULED, due and not expired at `now`, the earliest due of a
  // contact first.
  absl::StatusOr<std::vector<WaitingInvitation>> ListWaiting(const TenantScope& scope,
                                                             absl::Span<const ContactId> contacts, absl::Time now);

  // The invitations of `ids`, at most 512, in any order; those that do not exist are absent.
  absl::StatusOr<std::vector<InvitationRecord>> GetMany(const TenantScope& scope, absl::Span<const Uuid> ids);

 private:
  absl::StatusOr<std::vector<InvitationRecord>> Select(const TenantScope& scope, absl::string_view rest,
                                                       const mysql::Params& params);

  mysql::Database& database_;
};

}  // namespace canvass::distribution

#endif  // CANVASS_SERVER_DISTRIBUTION_INVITATION_STORE_H_
