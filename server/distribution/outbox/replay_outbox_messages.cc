#include "server/distribution/outbox/replay_outbox_messages.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "server/base/aip/time_range.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/distribution/outbox/outbox_message.h"

namespace canvass::distribution {
namespace {

constexpr int kMaxNames = 1000;
constexpr int kMaxMessages = 10'000;

absl::Status CheckRequest(const v1::ReplayOutboxMessagesRequest& request) {
  Violations violations;
  if (request.names_size() > kMaxNames) {
    violations.Add("names", absl::StrCat("has ", request.names_size(), " names; at most ", kMaxNames, " are allowed"));
  }
  if (request.names_size() > 0 && (request.has_start_time() || request.has_end_time())) {
    violations.Add("names", "must be empty if start_time or end_time is set");
  }
  CheckTimeRange(request, violations);
  const bool may_replay = request.state() == v1::OutboxMessage::STATE_UNSPECIFIED ||
                          request.state() == v1::OutboxMessage::STATE_DEAD ||
                          request.state() == v1::OutboxMessage::STATE_SENT;
  if (!may_replay) violations.Add("state", "must be STATE_DEAD or STATE_SENT");
  return violations.ToStatus(v1::ERROR_REASON_INVALID_FIELD);
}

absl::StatusOr<std::vector<Replayable>> FindNamed(OutboxStore& outbox, const TenantScope& scope,
                                                  const v1::ReplayOutboxMessagesRequest& request) {
  std::vector<Uuid> ids;
  for (int i = 0; i < request.names_size(); ++i) {
    const std::string field = absl::StrCat("names[", i, "]");
    CANVASS_ASSIGN_OR_RETURN(const Uuid id, ParseOutboxMessageName(scope, field, request.names(i)));
    ids.push_back(id);
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  std::vector<Replayable> found;
  for (std::size_t i = 0; i < ids.size(); i += OutboxStore::kMaxReplay) {
    const auto part = absl::MakeConstSpan(ids).subspan(i, OutboxStore::kMaxReplay);
    CANVASS_ASSIGN_OR_RETURN(const std::vector<Replayable> some, outbox.FindReplayable(scope, part));
    found.insert(found.end(), some.begin(), some.end());
  }
  return found;
}

absl::StatusOr<std::vector<Replayable>> FindBetween(OutboxStore& outbox, const TenantScope& scope,
                                                    const v1::ReplayOutboxMessagesRequest& request) {
  const bool any_state = request.state() == v1::OutboxMessage::STATE_UNSPECIFIED;
  const absl::Time start = request.has_start_time() ? FromProto(request.start_time()) : absl::UnixEpoch();
  const absl::Time end = request.has_end_time() ? FromProto(request.end_time()) : absl::InfiniteFuture();
  return outbox.FindReplayable(scope, any_state ? v1::OutboxMessage::STATE_DEAD : request.state(), start, end,
                               kMaxMessages + 1);
}

absl::StatusOr<int64_t> ReplaySome(OutboxStore& outbox, InvitationStore& invitations, const TenantScope& scope,
                                   absl::Span<const Replayable> messages, absl::Time now) {
  std::vector<Uuid> ids;
  std::vector<Uuid> asked;
  for (const Replayable& message : messages) {
    ids.push_back(message.id);
    asked.push_back(message.invitation);
  }
  int64_t replayed = 0;
  CANVASS_RETURN_IF_ERROR(outbox.database().Write(scope, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_RETURN_IF_ERROR(invitations.Reopen(tx, scope, asked));
    CANVASS_ASSIGN_OR_RETURN(replayed, outbox.Replay(tx, scope, ids, now));
    return absl::OkStatus();
  }));
  return replayed;
}

}  // namespace

absl::StatusOr<v1::ReplayOutboxMessagesResponse> ReplayOutboxMessages(OutboxStore& outbox, InvitationStore& invitations,
                                                                      const Clock& clock, const TenantScope& scope,
                                                                      const v1::ReplayOutboxMessagesRequest& request) {
  CANVASS_RETURN_IF_ERROR(CheckParent(scope, request.parent()));
  CANVASS_RETURN_IF_ERROR(CheckRequest(request));
  CANVASS_ASSIGN_OR_RETURN(std::vector<Replayable> found, request.names().empty() ? FindBetween(outbox, scope, request)
                                                                                  : FindNamed(outbox, scope, request));
  v1::ReplayOutboxMessagesResponse response;
  if (found.size() > kMaxMessages) {
    *response.mutable_next_start_time() = ToProto(found[kMaxMessages].create_time);
    found.resize(kMaxMessages);
  }
  if (request.validate_only()) {
    response.set_replayed(static_cast<int>(found.size()));
    return response;
  }
  int64_t replayed = 0;
  for (std::size_t i = 0; i < found.size(); i += OutboxStore::kMaxReplay) {
    const auto part = absl::MakeConstSpan(found).subspan(i, OutboxStore::kMaxReplay);
    CANVASS_ASSIGN_OR_RETURN(const int64_t some, ReplaySome(outbox, invitations, scope, part, clock.Now()));
    replayed += some;
  }
  response.set_replayed(static_cast<int>(replayed));
  return response;
}

}  // namespace canvass::distribution
