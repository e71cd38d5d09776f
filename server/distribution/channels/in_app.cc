#include "server/distribution/channels/in_app.h"

#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "server/base/proto_time.h"
#include "server/base/status_macros.h"

namespace canvass::distribution {
namespace {

// More than are given, so that a few of closed surveys do not cost another query.
constexpr int kRowsPerQuery = 2 * InAppChannel::kMaxPending;

}  // namespace

absl::StatusOr<std::vector<v1::Invitation>> InAppChannel::Pending(const TenantScope& scope, const ContactId& contact) {
  const absl::Time now = clock_.Now();
  OpenSurveys open;
  std::vector<v1::Invitation> pending;
  std::optional<InvitationPosition> after;
  while (true) {
    CANVASS_ASSIGN_OR_RETURN(std::vector<InvitationRecord> records,
                             invitations_.ListDue(scope, contact, now, after, kRowsPerQuery));
    for (InvitationRecord& record : records) {
      after = {.schedule_time = FromProto(record.invitation.schedule_time()), .id = record.id};
      CANVASS_ASSIGN_OR_RETURN(const bool showable, Complete(scope, record, now, open));
      if (!showable) continue;
      pending.push_back(std::move(record.invitation));
      if (pending.size() == kMaxPending) return pending;
    }
    if (records.size() < static_cast<std::size_t>(kRowsPerQuery)) return pending;
  }
}

absl::StatusOr<std::vector<v1::Invitation>> InAppChannel::Showable(const TenantScope& scope,
                                                                   std::vector<InvitationRecord> records,
                                                                   absl::Time now) {
  OpenSurveys open;
  std::vector<v1::Invitation> showable;
  for (InvitationRecord& record : records) {
    CANVASS_ASSIGN_OR_RETURN(const bool shows, Complete(scope, record, now, open));
    if (shows) showable.push_back(std::move(record.invitation));
  }
  return showable;
}

absl::StatusOr<bool> InAppChannel::Complete(const TenantScope& scope, InvitationRecord& record, absl::Time now,
                                            OpenSurveys& open) {
  if (record.invitation.channel() != v1::Invitation::CHANNEL_IN_APP) return false;
  auto known = open.find(record.survey);
  if (known == open.end()) {
    CANVASS_ASSIGN_OR_RETURN(const bool is_open, IsOpen(scope, record.survey, now));
    known = open.emplace(record.survey, is_open).first;
  }
  if (!known->second) return false;
  record.invitation.set_token(tokens_.Sign({.tenant = scope.tenant(),
                                            .survey = record.survey,
                                            .invitation = record.id,
                                            .expire_time = FromProto(record.invitation.expire_time())}));
  return true;
}

absl::StatusOr<bool> InAppChannel::IsOpen(const TenantScope& scope, const SurveyId& survey, absl::Time now) {
  const absl::StatusOr<surveys::SurveyStatus> status = surveys_.Status(scope, survey);
  if (absl::IsNotFound(status.status())) return false;
  CANVASS_RETURN_IF_ERROR(status.status());
  return status->IsOpenAt(now);
}

}  // namespace canvass::distribution
