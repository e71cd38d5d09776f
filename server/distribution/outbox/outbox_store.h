// The rows of the outbox: messages on their way to customers.
//
//   outbox.Insert(tx, scope, {{.id = …, .invitation = …, .attempt_time = due}}, now);   // beside the invitation
//
//   auto claimed = outbox.Claim(scope, {.channel = …, .owner = …, .lease = …});
//   … send, and Renew() where that takes long …
//   auto still_ours = outbox.Write(tx, scope, message);                         // false: somebody else took it over
//
// A claim is a conditional UPDATE by the database's clock with a fencing token that grows; what a worker writes names
// its token and so changes nothing once another worker has claimed the message. Thread-safe; calls block.
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
#include "canvass/v1/invitation.pb.h"
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
  // When what it says was due first, if another message tried to say it before; else attempt_time.
  absl::Time due = absl::InfinitePast();
};

// A message that this worker may send, until its lease ends.
struct ClaimedMessage {
  Uuid id;
  Uuid invitation;
  v1::OutboxMessage message;  // channel, state, attempts and times, written back by Write; reports
  absl::Time due;             // when it was due first
  int64_t token = 0;
};

// What to claim: messages of `channel` that are due at `now`, the earliest first, at most `limit`, for `lease`.
struct ClaimRequest {
  v1::Invitation::Channel channel = v1::Invitation::CHANNEL_UNSPECIFIED;
  // At most 64 ASCII characters, of this process alone.
  absl::string_view owner;
  absl::Duration lease;
  absl::Time now;
  int limit = 1;
};

struct OutboxFilter {
  // STATE_UNSPECIFIED: in any.
  v1::OutboxMessage::State state = v1::OutboxMessage::STATE_UNSPECIFIED;
  std::optional<Uuid> invitation = std::nullopt;
};

// A message that may be sent again: DEAD, or a webhook's that is SENT.
struct Replayable {
  Uuid id;
  Uuid invitation;
  absl::Time create_time;
};

class OutboxStore {
 public:
  // How many messages one statement sends again.
  static constexpr std::size_t kMaxReplay = 512;

  explicit OutboxStore(mysql::Database& database) : database_(database) {}

  mysql::Database& database() { return database_; }

  // Inserts messages, best sorted by id.
  absl::Status Insert(mysql::Transaction& tx, const TenantScope& scope, absl::Span<const NewMessage> messages,
                      absl::Time now);

  // Claims messages that are WAITING, due and not claimed. Fewer than there are if another server claims at the same
  // time.
  absl::StatusOr<std::vector<ClaimedMessage>> Claim(const TenantScope& scope, const ClaimRequest& request);

  // Makes the claims of `owner` on those of `ids` that are its own still end `lease` from now.
  absl::Status Renew(const TenantScope& scope, absl::string_view owner, absl::Span<const Uuid> ids,
                     absl::Duration lease);

  // Writes channel, state, attempt_time, attempt_count, attempts and finish_time and gives the claim back; reports
  // stay with the channel that they are about. False if
  // another worker has claimed the message since, or it was cancelled: then nothing was written, and the caller's
  // transaction must not commit.
  absl::StatusOr<bool> Write(mysql::Transaction& tx, const TenantScope& scope, const ClaimedMessage& message);

  // The message, locked, whether or not somebody has claimed it; none if there is none.
  absl::StatusOr<std::optional<ClaimedMessage>> Lock(mysql::Transaction& tx, const TenantScope& scope, const Uuid& id);

  // Writes state and reports of a message locked in the same transaction. A worker's claim stays what it is.
  absl::Status WriteReports(mysql::Transaction& tx, const TenantScope& scope, const ClaimedMessage& message);

  // Makes the WAITING messages of `invitation` CANCELLED, claimed or not.
  absl::Status CancelOf(mysql::Transaction& tx, const TenantScope& scope, const Uuid& invitation, absl::Time now);

  // NotFound, OUTBOX_MESSAGE_NOT_FOUND, if there is none.
  absl::StatusOr<v1::OutboxMessage> Get(const TenantScope& scope, const Uuid& id);

  // The latest created first, from behind `after`; at most `limit`.
  absl::StatusOr<std::vector<v1::OutboxMessage>> List(const TenantScope& scope, const OutboxFilter& filter,
                                                      const std::optional<Uuid>& after, int limit);

  // Those of `ids`, at most kMaxReplay, that may be sent again, by id.
  absl::StatusOr<std::vector<Replayable>> FindReplayable(const TenantScope& scope, absl::Span<const Uuid> ids);
  // The same of those in `state` that were made in [start, end); at most `limit`.
  absl::StatusOr<std::vector<Replayable>> FindReplayable(const TenantScope& scope, v1::OutboxMessage::State state,
                                                         absl::Time start, absl::Time end, int limit);
  // Makes those of `ids`, at most kMaxReplay, that may be sent again wait for an attempt at `now`, with all attempts
  // before them and none of their reports. Returns how many.
  absl::StatusOr<int64_t> Replay(mysql::Transaction& tx, const TenantScope& scope, absl::Span<const Uuid> ids,
                                 absl::Time now);

 private:
  mysql::Database& database_;
};

}  // namespace canvass::distribution

#endif  // CANVASS_SERVER_DISTRIBUTION_OUTBOX_OUTBOX_STORE_H_
