// The rows of the outbox: messages on their way to customers.
//
//   outbox.Insert(tx, scope, {{.id = …, .invitation = …, .channel = …, .attempt_time = due}});   // with the invitation
//   CANVASS_ASSIGN_OR_RETURN(std::vector<ClaimedMessage> claimed, outbox.Claim(scope, owner, lease, limit));
//   … send …
//   CANVASS_ASSIGN_OR_RETURN(bool still_ours, outbox.Write(tx, scope, message));     // false: somebody else took it over
//
// A claim is a conditional UPDATE by the database's clock with a fencing token that grows; what a worker writes names its
// token and so changes nothing once another worker has claimed the message. Thread-safe; calls block.
#ifndef CANVASS_SERVER_DISTRIBUTION_OUTBOX_OUTBOX_STORE_H_
#define CANVASS_SERVER_DISTRIBUTION_OUTBOX_OUTBOX_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "canvass/v1/outbox.pb.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/mysql/database.h"

namespace canvass::distribution {

// A message to be stored as WAITING.
struct NewMessage {
  Uuid id;  // a UUIDv7
  Uuid invitation;
  ContactId contact;
  v1::Invitation::Channel channel = v1::Invitation::CHANNEL_UNSPECIFIED;
  int reminder = 0;
  absl::Time attempt_time;  // when it is due
};

// A message that this worker may send, until its lease ends.
struct ClaimedMessage {
  Uuid id;
  Uuid invitation;
  v1::OutboxMessage message;  // state, attempts and times; written back by Write
  int64_t token = 0;
};

class OutboxStore {
 public:
  explicit OutboxStore(mysql::Database& database) : database_(database) {}

  mysql::Database& database() { return database_; }

  // Inserts messages, best sorted by id.
  absl::Status Insert(mysql::Transaction& tx, const TenantScope& scope, absl::Span<const NewMessage> messages,
                      absl::Time now);

  // Claims up to `limit` of the tenant's messages that are WAITING, due and not claimed, the earliest first, for `lease`.
  absl::StatusOr<std::vector<ClaimedMessage>> Claim(const TenantScope& scope, absl::string_view owner,
                                                    absl::Duration lease, int limit);

  // Writes state, attempt_time, attempt_count, attempts and finish_time and gives the claim back. False if another
  // worker has claimed the message since: then nothing was written, and the caller's transaction must not commit.
  absl::StatusOr<bool> Write(mysql::Transaction& tx, const TenantScope& scope, const ClaimedMessage& message);

  // Makes the WAITING messages of `invitation` CANCELLED, claimed or not.
  absl::Status CancelOf(mysql::Transaction& tx, const TenantScope& scope, const Uuid& invitation, absl::Time now);

  // NotFound, OUTBOX_MESSAGE_NOT_FOUND, if there is none.
  absl::StatusOr<v1::OutboxMessage> Get(const TenantScope& scope, const Uuid& id);

 private:
  mysql::Database& database_;
};

}  // namespace canvass::distribution

#endif  // CANVASS_SERVER_DISTRIBUTION_OUTBOX_OUTBOX_STORE_H_
